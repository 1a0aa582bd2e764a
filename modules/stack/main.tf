################################################################################
# A database in a network of its own, and its pipeline: what an environment is made of
################################################################################

module "account" {
  source = "../account"

  create               = { vpc = var.create_account_roles, logs = var.create_account_roles }
  permissions_boundary = var.iam.permissions_boundary
  tags                 = var.tags
}

module "network" {
  source = "../network"

  name             = var.name
  zones            = var.zones
  database_clients = var.database_clients
  tags             = var.tags
}

module "rds" {
  source = "../rds"

  name                  = var.name
  database              = var.database.name
  engine_version        = var.database.engine_version
  instance_class        = var.database.instance_class
  allocated_storage     = var.database.allocated_storage
  multi_az              = var.database.multi_az
  backup_retention_days = var.database.backup_retention_days
  performance_insights  = var.database.performance_insights
  log_exports           = var.database.log_exports
  subnet_ids            = module.network.subnet_ids
  security_group_ids    = [module.network.database_security_group_id]
  ephemeral_environment = var.ephemeral_environment
  tags                  = var.tags
}

module "pipeline" {
  source = "../pipeline"

  name     = var.name
  database = replace(var.name, "-", "_")
  tables   = var.tables

  source_database = {
    database   = module.rds.database
    secret_arn = module.rds.connection_secret_arn
    heartbeat  = var.database.heartbeat
  }

  network = {
    subnet_ids         = module.network.subnet_ids
    security_group_ids = [module.network.replication_security_group_id]
  }

  account               = module.account
  artifacts             = var.artifacts
  replication           = var.replication
  job                   = var.job
  raw_retention_days    = var.raw_retention_days
  log_retention_days    = var.log_retention_days
  ephemeral_environment = var.ephemeral_environment
  iam                   = var.iam
  tags                  = var.tags
}
