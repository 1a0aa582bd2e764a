################################################################################
# A database, a network and a key that are there already: the pipeline alone
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

# DMS's two roles; make them once in an account, and say here that they exist.
module "account" {
  source = "../../modules/account"

  create = { vpc = false, logs = false }
}

# What the replication instance may reach. The owner of the database admits this group on its port.
resource "aws_security_group" "replication" {
  name_prefix = "${var.name}-replication-"
  description = "The DMS replication instance of ${var.name}."
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id            = aws_security_group.replication.id
  description                  = "PostgreSQL of the source"
  referenced_security_group_id = var.database_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
}

resource "aws_vpc_security_group_egress_rule" "aws" {
  security_group_id = aws_security_group.replication.id
  description       = "Secrets Manager and S3, by endpoints or NAT"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

module "pipeline" {
  source = "../../modules/pipeline"

  name     = var.name
  database = replace(var.name, "-", "_")

  tables = [
    { name = "orders", primary_key = ["order_id"], replica_identity = "full" },
    { name = "customers", primary_key = ["customer_id"], columns = { email = { mask = "sha256" } } },
  ]

  source_database = {
    database   = var.source_database
    secret_arn = var.connection_secret_arn
  }

  network = {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.replication.id]
  }

  account = module.account
  kms     = var.kms_key_arn == null ? null : { key_arn = var.kms_key_arn }
}
