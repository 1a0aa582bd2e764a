################################################################################
# raw bucket ← DMS, raw bucket → doorbell → job → final bucket: from one list of tables
################################################################################

locals {
  raw_folder = "raw"

  # The checkout or the archive that this module is part of.
  origin = "${path.module}/../.."
}

module "buckets" {
  source = "../buckets"

  name                  = var.name
  kms                   = var.kms
  account_id            = var.account_id
  raw_folder            = local.raw_folder
  raw_retention_days    = var.raw_retention_days
  ephemeral_environment = var.ephemeral_environment
  tags                  = var.tags
}

module "dms" {
  source = "../dms"

  name                 = var.name
  tables               = var.tables
  source_database      = var.source_database
  raw_bucket           = module.buckets.raw
  raw_folder           = local.raw_folder
  kms_key_arn          = module.buckets.kms_key_arn
  account              = var.account
  replication_instance = var.replication.instance
  subnet_ids           = var.network.subnet_ids
  security_group_ids   = var.network.security_group_ids
  instance_class       = var.replication.instance_class
  engine_version       = var.replication.engine_version
  errors               = var.replication.errors
  allocated_storage    = var.replication.allocated_storage
  multi_az             = var.replication.multi_az
  batch                = var.replication.batch
  lob_max_size_kb      = var.replication.lob_max_size_kb
  log_retention_days   = var.log_retention_days
  iam                  = var.iam
  tags                 = var.tags
}

################################################################################
# Salt of the masks: generated here, never in state, and kept when the last hashed column goes: with another salt equal values would
# hash otherwise, and rows of a hashed key would not be found again
################################################################################

locals {
  masks_by_hash = anytrue(flatten([for table in var.tables : [for rule in table.columns : rule.mask == "sha256"]]))
}

ephemeral "aws_secretsmanager_random_password" "salt" {
  password_length     = 32
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "salt" {
  name_prefix             = "${var.name}/mask-salt-"
  description             = "Salt of the sha256 masks of ${var.name}. Changing it changes every masked value that is written from then on."
  recovery_window_in_days = var.ephemeral_environment ? 0 : 30
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_version" "salt" {
  secret_id                = aws_secretsmanager_secret.salt.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.salt.random_password
  secret_string_wo_version = 1
}

module "glue" {
  source = "../glue"

  name                  = var.name
  database              = var.database
  tables                = var.tables
  contract              = module.dms.contract
  mask_salt_secret_arn  = local.masks_by_hash ? aws_secretsmanager_secret_version.salt.arn : null
  raw_bucket            = module.buckets.raw
  raw_folder            = local.raw_folder
  raw_retention_days    = var.raw_retention_days
  final_bucket          = module.buckets.final
  artifacts_bucket      = module.buckets.artifacts
  kms_key_arn           = module.buckets.kms_key_arn
  glue_version          = var.job.glue_version
  script_path           = coalesce(var.artifacts.job_script, "${local.origin}/glue/job.py")
  package_path          = coalesce(var.artifacts.job_package, "${local.origin}/dist/cdc.zip")
  workers               = var.job.workers
  timeout_minutes       = var.job.timeout_minutes
  time_budget_seconds   = var.job.time_budget_seconds
  log_retention_days    = var.log_retention_days
  ephemeral_environment = var.ephemeral_environment
  iam                   = var.iam
  tags                  = var.tags
}

module "lambda" {
  source = "../lambda"

  name                 = var.name
  zip_path             = coalesce(var.artifacts.doorbell_zip, "${local.origin}/dist/doorbell.zip")
  architecture         = var.artifacts.doorbell_architecture
  job_name             = module.glue.job_name
  raw_bucket           = module.buckets.raw
  prefixes             = ["${local.raw_folder}/"]
  suffix               = ".parquet"
  object_events        = var.doorbell.object_events
  schedule_minutes     = var.doorbell.schedule_minutes
  log_keys             = var.doorbell.log_keys
  reserved_concurrency = var.doorbell_concurrency
  log_retention_days   = var.log_retention_days
  iam                  = var.iam
  tags                 = var.tags
}
