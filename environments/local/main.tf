################################################################################
# A shop database and its pipeline, made to be thrown away
################################################################################

locals {
  tags = { environment = "local", project = var.name }
}

module "account" {
  source = "../../modules/account"

  tags = local.tags
}

module "network" {
  source = "../../modules/network"

  name = var.name
  tags = local.tags
}

module "rds" {
  source = "../../modules/rds"

  name                  = var.name
  database              = "shop"
  engine_version        = "17"
  instance_class        = "db.t4g.micro"
  subnet_ids            = module.network.subnet_ids
  security_group_ids    = [module.network.database_security_group_id]
  ephemeral_environment = true
  tags                  = local.tags
}

module "pipeline" {
  source = "../../modules/pipeline"

  name     = var.name
  database = "shop"
  tables   = local.tables

  source_database = {
    database   = module.rds.database
    secret_arn = module.rds.connection_secret_arn
  }

  network = {
    subnet_ids         = module.network.subnet_ids
    security_group_ids = [module.network.replication_security_group_id]
  }

  account   = module.account
  artifacts = var.artifacts

  # Seconds instead of the minute that suits production: here somebody waits for each row.
  replication = {
    instance_class = "dms.t3.micro"
    batch          = { max_interval_seconds = 1 }
  }

  # Each execution looks at the job's runs before it starts one: few of them keep a burst of objects at few runs.
  doorbell_concurrency = 2

  # The way of a row is shown hop by hop, by the object that brought it.
  doorbell = { log_keys = true }

  ephemeral_environment = true
  tags                  = local.tags
}
