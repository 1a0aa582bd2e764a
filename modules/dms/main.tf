################################################################################
# The file contract: what the job reads is fixed here and nowhere else
################################################################################

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  # docs/architecture.md, "Contract of the raw bucket"; the job's configuration is made from the same object.
  contract = {
    op_column        = "Op"
    timestamp_column = "dms_commit_ts"
    sequence_column  = "dms_seq"
    position_column  = "dms_position"
    before_prefix    = "dms_before_"
  }

  # In one order, however the list is: to order it otherwise is no change, and does not stop the task.
  selected = { for table in var.tables : "${table.schema}.${table.name}" => table }

  table_mappings = {
    rules = concat(
      [for index, name in keys(local.selected) : {
        rule-type      = "selection"
        rule-id        = tostring(100 + index)
        rule-name      = name
        rule-action    = "explicit"
        object-locator = { schema-name = local.selected[name].schema, table-name = local.selected[name].name }
        filters        = []
      }],
      [for index, column in [
        { name = local.contract.sequence_column, header = "$AR_H_CHANGE_SEQ" },
        { name = local.contract.position_column, header = "$AR_H_STREAM_POSITION" },
        ] : {
        rule-type      = "transformation"
        rule-id        = tostring(10 + index)
        rule-name      = column.name
        rule-action    = "add-column"
        rule-target    = "column"
        object-locator = { schema-name = "%", table-name = "%" }
        value          = column.name
        expression     = column.header
        data-type      = { type = "string", length = 50 }
      }],
      # A key update is one U with the new key; without the old one the old row would live for ever.
      [{
        rule-type        = "transformation"
        rule-id          = "20"
        rule-name        = "before-image"
        rule-action      = "add-before-image-columns"
        rule-target      = "column"
        object-locator   = { schema-name = "%", table-name = "%" }
        before-image-def = { column-prefix = local.contract.before_prefix, column-suffix = "", column-filter = "pk-only" }
      }],
    )
  }

  task_settings = {
    TargetMetadata = {
      SupportLobs        = true
      FullLobMode        = false
      LimitedSizeLobMode = true
      LobMaxSize         = var.lob_max_size_kb
    }
    FullLoadSettings = {
      # Raw is append-only: nothing that lies there is deleted or truncated by a load.
      TargetTablePrepMode = "DO_NOTHING"
      MaxFullLoadSubTasks = var.max_full_load_subtasks
    }
    ChangeProcessingDdlHandlingPolicy = {
      HandleSourceTableDropped   = false
      HandleSourceTableTruncated = false
      HandleSourceTableAltered   = true
    }
    Logging = { EnableLogging = true }
    # AWS's defaults log a row that cannot be written and go on without it.
    # https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.ErrorHandling.html
    ErrorBehavior = {
      DataErrorPolicy            = var.errors.data
      DataTruncationErrorPolicy  = var.errors.truncation
      DataErrorEscalationPolicy  = "SUSPEND_TABLE"
      TableErrorPolicy           = var.errors.table
      TableErrorEscalationPolicy = "STOP_TASK"
      FailOnNoTablesCaptured     = true
    }
  }
}

################################################################################
# Roles: read the secret, write the folder
################################################################################

module "region" {
  source = "../region"
}

module "trust" {
  source = "../trust"

  services    = ["dms.amazonaws.com", "dms.${data.aws_region.current.name}.amazonaws.com"]
  account_id  = data.aws_caller_identity.current.account_id
  source_arns = ["arn:${data.aws_partition.current.partition}:dms:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:*"]
}

resource "aws_iam_role" "source" {
  name               = "${var.name}-${module.region.code}-dms-source"
  description        = "Reads the connection secret of the source."
  assume_role_policy = module.trust.json
  tags               = var.tags
}

data "aws_iam_policy_document" "source" {
  statement {
    actions   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    resources = [var.source_database.secret_arn]
  }

  dynamic "statement" {
    for_each = var.source_database.secret_kms_key_arn == null ? [] : [var.source_database.secret_kms_key_arn]

    content {
      actions   = ["kms:Decrypt", "kms:DescribeKey"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role_policy" "source" {
  name   = "read-secret"
  role   = aws_iam_role.source.id
  policy = data.aws_iam_policy_document.source.json
}

resource "aws_iam_role" "target" {
  name               = "${var.name}-${module.region.code}-dms-target"
  description        = "Writes change files to the raw bucket."
  assume_role_policy = module.trust.json
  tags               = var.tags
}

data "aws_iam_policy_document" "target" {
  statement {
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = [var.raw_bucket.arn]
  }

  statement {
    actions   = ["s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload"]
    resources = ["${var.raw_bucket.arn}/${var.raw_folder}/*"]
  }

  statement {
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]
  }
}

resource "aws_iam_role_policy" "target" {
  name   = "write-raw"
  role   = aws_iam_role.target.id
  policy = data.aws_iam_policy_document.target.json
}

################################################################################
# Replication instance
################################################################################

resource "aws_dms_replication_subnet_group" "this" {
  replication_subnet_group_id          = var.name
  replication_subnet_group_description = "Subnets of the replication instance ${var.name}."
  subnet_ids                           = var.subnet_ids
  tags                                 = var.tags

  lifecycle {
    precondition {
      condition     = endswith(var.account.dms_vpc_role_arn, "role/dms-vpc-role")
      error_message = "account.dms_vpc_role_arn is not the ARN of a role dms-vpc-role, which DMS looks for by this name. Apply modules/account once in this account, and pass it: account = module.account."
    }
  }
}

resource "aws_dms_replication_instance" "this" {
  replication_instance_id     = var.name
  replication_instance_class  = var.instance_class
  allocated_storage           = var.allocated_storage
  replication_subnet_group_id = aws_dms_replication_subnet_group.this.id
  vpc_security_group_ids      = var.security_group_ids
  kms_key_arn                 = var.kms_key_arn
  multi_az                    = var.multi_az
  publicly_accessible         = false
  engine_version              = var.engine_version
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = true
  apply_immediately           = true
  tags                        = var.tags

  # Destroyed before the group: an instance that still lives would make the group again, and the next apply would find it there.
  depends_on = [aws_cloudwatch_log_group.task]
}

# DMS would create the group itself, without retention.
resource "aws_cloudwatch_log_group" "task" {
  name              = "dms-tasks-${var.name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

################################################################################
# Endpoints
################################################################################

# The provider sends the settings of PostgreSQL when it makes an endpoint and never again, so those that may change are part of
# its id: another one makes another endpoint, and with it another task.
# https://github.com/hashicorp/terraform-provider-aws/issues/35834
resource "aws_dms_endpoint" "source" {
  endpoint_id                     = "${var.name}-source-${substr(sha256(jsonencode([var.source_database.heartbeat, var.errors.truncation])), 0, 6)}"
  endpoint_type                   = "source"
  engine_name                     = "postgres"
  database_name                   = var.source_database.database
  ssl_mode                        = var.source_database.ssl_mode
  secrets_manager_arn             = var.source_database.secret_arn
  secrets_manager_access_role_arn = aws_iam_role.source.arn

  # Numerics without precision would lose what is beyond six decimals.
  extra_connection_attributes = "mapUnboundedNumericAsString=true"

  postgres_settings {
    map_boolean_as_boolean = true
    heartbeat_enable       = var.source_database.heartbeat
    heartbeat_frequency    = var.source_database.heartbeat ? 5 : null
    capture_ddls           = false

    # Else a value that is longer than lob_max_size_kb is cut, and a line of the log is all that tells.
    fail_tasks_on_lob_truncation = var.errors.truncation == "STOP_TASK"
  }

  tags = var.tags

  depends_on = [aws_iam_role_policy.source]
}

resource "aws_dms_s3_endpoint" "target" {
  endpoint_id             = "${var.name}-target"
  endpoint_type           = "target"
  bucket_name             = var.raw_bucket.name
  bucket_folder           = var.raw_folder
  service_access_role_arn = aws_iam_role.target.arn

  data_format                                 = "parquet"
  parquet_version                             = "parquet-2-0"
  parquet_timestamp_in_millisecond            = false
  include_op_for_full_load                    = true
  timestamp_column_name                       = local.contract.timestamp_column
  cdc_max_batch_interval                      = var.batch.max_interval_seconds
  cdc_min_file_size                           = var.batch.min_file_size_kb
  encryption_mode                             = "SSE_KMS"
  server_side_encryption_kms_key_id           = var.kms_key_arn
  use_task_start_time_for_full_load_timestamp = false

  tags = var.tags

  depends_on = [aws_iam_role_policy.target]
}

################################################################################
# Task: made ready; starting it is an operation, not a state. A change of mappings or settings stops a running task: make start
# resumes it.
################################################################################

resource "aws_dms_replication_task" "this" {
  replication_task_id       = var.name
  migration_type            = "full-load-and-cdc"
  replication_instance_arn  = aws_dms_replication_instance.this.replication_instance_arn
  source_endpoint_arn       = aws_dms_endpoint.source.endpoint_arn
  target_endpoint_arn       = aws_dms_s3_endpoint.target.endpoint_arn
  table_mappings            = jsonencode(local.table_mappings)
  replication_task_settings = jsonencode(local.task_settings)
  start_replication_task    = false
  tags                      = var.tags

  depends_on = [aws_cloudwatch_log_group.task]

  lifecycle {
    precondition {
      condition     = endswith(var.account.dms_logs_role_arn, "role/dms-cloudwatch-logs-role")
      error_message = "account.dms_logs_role_arn is not the ARN of a role dms-cloudwatch-logs-role, without which the task writes no log. Apply modules/account once in this account, and pass it: account = module.account."
    }
  }
}
