################################################################################
# dev: the values in which this environment differs
################################################################################

locals {
  tags = { environment = "dev", project = var.name }
}

module "stack" {
  source = "../../modules/stack"

  name   = var.name
  tables = var.tables
  tags   = local.tags

  database           = { name = "shop", engine_version = "16", instance_class = "db.t4g.small", backup_retention_days = 1 }
  replication        = { instance_class = "dms.t3.small" }
  raw_retention_days = 30
  log_retention_days = 14
}
