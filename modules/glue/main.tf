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

################################################################################
# Catalog and queries
################################################################################

resource "aws_glue_catalog_database" "this" {
  name         = var.database
  description  = "Tables that equal their source, and their complete change history."
  location_uri = "${local.warehouse}/${var.database}.db"
  tags         = var.tags
}

resource "aws_athena_workgroup" "this" {
  name          = var.name
  description   = "Queries over ${var.database}."
  force_destroy = var.ephemeral_environment
  tags          = var.tags

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true

    result_configuration {
      output_location = "s3://${var.final_bucket.name}/athena-results/"

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = var.kms_key_arn
      }
    }
  }
}

################################################################################
# Role
################################################################################

module "trust" {
  source = "../trust"

  services = ["glue.amazonaws.com"]
  # Glue does not promise to tell the account.
  account_id = null
}

module "region" {
  source = "../region"
}

resource "aws_iam_role" "this" {
  name               = "${var.name}-${module.region.code}-glue"
  description        = "Reads raw files, writes Iceberg tables and their catalog entries."
  assume_role_policy = module.trust.json
  tags               = var.tags
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "ListBuckets"
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = [var.raw_bucket.arn, var.final_bucket.arn, var.artifacts_bucket.arn]
  }

  statement {
    sid     = "ReadRawAndCode"
    actions = ["s3:GetObject"]
    resources = [
      "${var.raw_bucket.arn}/${var.raw_folder}/*",
      "${var.artifacts_bucket.arn}/glue/*",
    ]
  }

  statement {
    sid     = "WriteTablesAndState"
    actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    resources = [
      "${var.final_bucket.arn}/warehouse/*",
      "${var.final_bucket.arn}/${local.state_prefix}*",
    ]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]
  }

  statement {
    sid = "KeepCatalog"
    actions = [
      "glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable",
    ]
    resources = [
      "${local.catalog_arn}:catalog",
      "${local.catalog_arn}:database/${var.database}",
      "${local.catalog_arn}:table/${var.database}/*",
    ]
  }

  statement {
    sid     = "WriteLog"
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    # Glue's own groups; they have fixed names and no owner.
    resources = ["${local.arn_prefix}:logs:${local.region}:${local.account}:log-group:/aws-glue/*"]
  }

  dynamic "statement" {
    for_each = length(local.reference_files) == 0 ? [] : [local.reference_files]

    content {
      sid       = "ReadReferenceFiles"
      actions   = ["s3:GetObject"]
      resources = [for file in statement.value : "${local.arn_prefix}:s3:::${file}*"]
    }
  }

  dynamic "statement" {
    for_each = length(local.reference_files) == 0 ? [] : [distinct([for file in local.reference_files : split("/", file)[0]])]

    content {
      sid       = "ListReferenceFiles"
      actions   = ["s3:ListBucket"]
      resources = [for bucket in statement.value : "${local.arn_prefix}:s3:::${bucket}"]

      condition {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = [for file in local.reference_files : "${join("/", slice(split("/", file), 1, length(split("/", file))))}*"]
      }
    }
  }

  # https://docs.aws.amazon.com/glue/latest/dg/monitor-profile-glue-job-cloudwatch-metrics.html; the action has no resources.
  statement {
    sid       = "WriteMetrics"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["Glue"]
    }
  }

  # A run whose time is spent starts the next one, as the doorbell does.
  statement {
    sid       = "RingOwnJob"
    actions   = ["glue:StartJobRun"]
    resources = ["${local.catalog_arn}:job/${var.name}"]
  }

  dynamic "statement" {
    for_each = var.mask_salt_secret_arn == null ? [] : [var.mask_salt_secret_arn]

    content {
      sid       = "ReadMaskSalt"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "apply-changes"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

################################################################################
# Job: one run works, one waits
################################################################################

resource "aws_glue_job" "this" {
  name              = var.name
  description       = "Applies DMS change files to the tables of ${var.database}."
  role_arn          = aws_iam_role.this.arn
  glue_version      = var.glue_version
  worker_type       = var.workers.type
  number_of_workers = var.workers.count
  execution_class   = "STANDARD"
  timeout           = var.timeout_minutes

  max_retries             = 0
  job_run_queuing_enabled = true

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "s3://${var.artifacts_bucket.name}/${aws_s3_object.script.key}"
  }

  execution_property {
    max_concurrent_runs = 1
  }

  default_arguments = {
    "--conf"                         = join(" --conf ", [for name, value in local.spark_settings : "${name}=${value}"])
    "--config"                       = "s3://${var.artifacts_bucket.name}/${aws_s3_object.configuration.key}"
    "--datalake-formats"             = "iceberg"
    "--extra-py-files"               = "s3://${var.artifacts_bucket.name}/${aws_s3_object.package.key}"
    "--enable-metrics"               = "true"
    "--enable-observability-metrics" = "true"
    "--job-bookmark-option"          = "job-bookmark-disable"
    "--time_budget_seconds"          = tostring(var.time_budget_seconds)
  }

  tags = var.tags

  depends_on = [aws_iam_role_policy.this]

  lifecycle {
    precondition {
      condition = length(distinct(flatten([for table in var.tables : [
        for suffix in ["", "_changes"] : lower(replace("${table.schema}_${table.name}${suffix}", "/[^A-Za-z0-9_]/", "_"))
      ]]))) == 2 * length(var.tables)
      error_message = "Two tables would have the same name in the catalog, <schema>_<name> or <schema>_<name>_changes."
    }
  }
}
