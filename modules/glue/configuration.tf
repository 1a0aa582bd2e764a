################################################################################
# Code and configuration: a change is a new version of an object, which the next run uses
################################################################################

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  arn_prefix  = "arn:${data.aws_partition.current.partition}"
  account     = data.aws_caller_identity.current.account_id
  region      = data.aws_region.current.name
  catalog_arn = "${local.arn_prefix}:glue:${local.region}:${local.account}"

  # What was done belongs to the tables of one database: another one begins anew, from the raw files.
  state_prefix = "_cdc/${var.database}/"
  log_prefix   = "/aws-glue/${var.name}"
  warehouse    = "s3://${var.final_bucket.name}/warehouse"

  table_defaults = {
    replica_identity = "default"
    on_incompatible  = "new_column"
    on_unchanged_lob = "keep"
    on_truncated_lob = "keep"
  }
  table_settings = keys(local.table_defaults)

  # Of the files that lookups read.
  reference_files = distinct(flatten([for table in var.tables : [for lookup in table.lookups : trimprefix(lookup.from, "s3://") if startswith(lookup.from, "s3://")]]))

  configuration = jsonencode({
    version  = 1
    raw      = { bucket = var.raw_bucket.name, prefix = "${var.raw_folder}/", format = "parquet", retention_days = var.raw_retention_days }
    final    = { bucket = var.final_bucket.name, state_prefix = local.state_prefix }
    catalog  = "glue_catalog"
    database = var.database
    contract = var.contract

    mask_salt_secret_arn = var.mask_salt_secret_arn

    # A setting at its default is left out: the job knows it, and the document shows what was chosen.
    tables = [for table in var.tables : merge(
      {
        schema      = table.schema
        name        = table.name
        primary_key = table.primary_key
        filter      = table.filter
        columns     = { for name, rule in table.columns : name => { for key, value in rule : key => value if value != null } }
        derived     = table.derived
      },
      { for key, value in { lookups = table.lookups, expectations = table.expectations } : key => value if length(value) > 0 },
      { for key, value in { for setting in local.table_settings : setting => table[setting] } : key => value if value != local.table_defaults[key] },
    )]
  })

  spark_settings = {
    # A run plans over the same manifests several times.
    "spark.sql.catalog.glue_catalog.io.manifest.cache-enabled" = "true"

    "spark.sql.extensions"                             = "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
    "spark.sql.catalog.glue_catalog"                   = "org.apache.iceberg.spark.SparkCatalog"
    "spark.sql.catalog.glue_catalog.catalog-impl"      = "org.apache.iceberg.aws.glue.GlueCatalog"
    "spark.sql.catalog.glue_catalog.io-impl"           = "org.apache.iceberg.aws.s3.S3FileIO"
    "spark.sql.catalog.glue_catalog.warehouse"         = local.warehouse
    "spark.sql.catalog.glue_catalog.glue.skip-archive" = "true"
  }
}

# The keys stay, so that a run which is starting, or waits for its turn, always finds them: a key that told the content would
# be destroyed with the next change. The bucket keeps old versions for a while by its lifecycle.
resource "aws_s3_object" "script" {
  bucket      = var.artifacts_bucket.name
  key         = "glue/job.py"
  source      = var.script_path
  source_hash = filemd5(var.script_path)
  tags        = var.tags
}

resource "aws_s3_object" "package" {
  bucket      = var.artifacts_bucket.name
  key         = "glue/cdc.zip"
  source      = var.package_path
  source_hash = filemd5(var.package_path)
  tags        = var.tags
}

resource "aws_s3_object" "configuration" {
  bucket       = var.artifacts_bucket.name
  key          = "glue/config.json"
  content      = local.configuration
  content_type = "application/json"
  tags         = var.tags
}
