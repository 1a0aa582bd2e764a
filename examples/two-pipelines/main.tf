################################################################################
# Two databases, two pipelines, one replication instance
################################################################################

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

# Region and credentials come from the environment.
provider "aws" {}

module "account" {
  source = "../../modules/account"

  create = { vpc = false, logs = false }
}

# The first makes the instance, the second's task runs on it too.
module "orders" {
  source = "../../modules/pipeline"

  name            = "orders"
  database        = "orders"
  tables          = [{ name = "orders", primary_key = ["order_id"] }]
  source_database = { database = "orders", secret_arn = var.orders_secret_arn }
  network         = var.network
  account         = module.account
  replication     = { instance_class = "dms.r6i.large" }
}

module "stock" {
  source = "../../modules/pipeline"

  name            = "stock"
  database        = "stock"
  tables          = [{ name = "items", primary_key = ["item_id"] }]
  source_database = { database = "stock", secret_arn = var.stock_secret_arn }
  account         = module.account
  replication     = { instance = { arn = module.orders.pipeline.instance_arn } }
}
