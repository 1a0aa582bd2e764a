################################################################################
# A root of one's own: a database and its pipeline, in few lines
################################################################################

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "= 5.100.0"
    }
  }
}

# Region, credentials and, on the local AWS, the endpoint come from the environment.
provider "aws" {}

module "account" {
  source = "../../modules/account"

  create = { vpc = !var.account_roles_exist, logs = !var.account_roles_exist }
}

module "network" {
  source = "../../modules/network"

  name = var.name
}

module "rds" {
  source = "../../modules/rds"

  name                  = var.name
  database              = "ledger"
  engine_version        = "16"
  subnet_ids            = module.network.subnet_ids
  security_group_ids    = [module.network.database_security_group_id]
  ephemeral_environment = true
}

module "pipeline" {
  source = "../../modules/pipeline"

  name     = var.name
  database = var.name
  tables   = [{ name = "accounts", primary_key = ["account_id"] }]

  source_database = {
    database   = module.rds.database
    secret_arn = module.rds.connection_secret_arn
  }

  network = {
    subnet_ids         = module.network.subnet_ids
    security_group_ids = [module.network.replication_security_group_id]
  }

  account = module.account

  ephemeral_environment = true
}
