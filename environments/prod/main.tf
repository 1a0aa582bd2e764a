################################################################################
# prod: the values in which this environment differs
################################################################################

locals {
  tags = { environment = "prod", project = var.name }
}

module "stack" {
  source = "../../modules/stack"

  name   = var.name
  tables = var.tables
  tags   = local.tags

  database = {
    name                  = "shop"
    engine_version        = "16"
    instance_class        = "db.m7g.large"
    allocated_storage     = 100
    multi_az              = true
    backup_retention_days = 14
    performance_insights  = true
    log_exports           = ["postgresql", "upgrade"]
  }
  replication        = { instance_class = "dms.r6i.large", allocated_storage = 100, multi_az = true }
  job                = { workers = { type = "G.1X", count = 4 } }
  raw_retention_days = 90
  log_retention_days = 365
}
