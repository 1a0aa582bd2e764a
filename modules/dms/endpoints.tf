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
  certificate_arn                 = var.source_database.certificate_arn
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
