################################################################################
# raw bucket ← DMS, raw bucket → doorbell → job → final bucket: from one list of tables
################################################################################

locals {
  raw_folder = "raw"
}

module "buckets" {
  source = "../buckets"

  name                  = var.name
  kms_key_arn           = var.kms_key_arn
  raw_folder            = local.raw_folder
  raw_retention_days    = var.raw_retention_days
  ephemeral_environment = var.ephemeral_environment
  tags                  = var.tags
}

module "dms" {
  source = "../dms"

  name               = var.name
  tables             = var.tables
  source_database    = var.source_database
  raw_bucket         = module.buckets.raw
  raw_folder         = local.raw_folder
  kms_key_arn        = module.buckets.kms_key_arn
  dms_vpc_role_arn   = var.dms_vpc_role_arn
  subnet_ids         = var.network.subnet_ids
  security_group_ids = var.network.security_group_ids
  instance_class     = var.replication.instance_class
  allocated_storage  = var.replication.allocated_storage
  multi_az           = var.replication.multi_az
  batch              = var.replication.batch
  lob_max_size_kb    = var.replication.lob_max_size_kb
  log_retention_days = var.log_retention_days
  tags               = var.tags
}

################################################################################
# Salt of the masks: generated here, never in state
################################################################################

locals {
  masks_by_hash = anytrue(flatten([for table in var.tables : [for rule in table.columns : rule.mask == "sha256"]]))
}

ephemeral "aws_secretsmanager_random_password" "salt" {
  password_length     = 32
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "salt" {
  count = local.masks_by_hash ? 1 : 0

  name                    = "${var.name}/mask-salt"
  description             = "Salt of the sha256 masks of ${var.name}. Changing it changes every masked value that is written from then on."
  recovery_window_in_days = var.ephemeral_environment ? 0 : 30
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_version" "salt" {
  count = local.masks_by_hash ? 1 : 0

  secret_id                = aws_secretsmanager_secret.salt[0].id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.salt.random_password
  secret_string_wo_version = 1
}

module "glue" {
  source = "../glue"

  name                  = var.name
  database              = var.database
  tables                = var.tables
  contract              = module.dms.contract
  mask_salt_secret_arn  = one(aws_secretsmanager_secret_version.salt[*].arn)
  raw_bucket            = module.buckets.raw
  raw_folder            = local.raw_folder
  raw_retention_days    = var.raw_retention_days
  final_bucket          = module.buckets.final
  artifacts_bucket      = module.buckets.artifacts
  kms_key_arn           = module.buckets.kms_key_arn
  script_path           = var.artifacts.job_script
  package_path          = var.artifacts.job_package
  workers               = var.job.workers
  timeout_minutes       = var.job.timeout_minutes
  time_budget_seconds   = var.job.time_budget_seconds
  ephemeral_environment = var.ephemeral_environment
  tags                  = var.tags
}

module "lambda" {
  source = "../lambda"

  name                 = var.name
  zip_path             = var.artifacts.doorbell_zip
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
  tags                 = var.tags
}
