################################################################################
# Job: one run works, one waits
################################################################################

# Groups of its own: Glue's shared ones keep the lines of every job of the account for ever.
# https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging-enable.html
resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["output", "error"])

  name              = "${local.log_prefix}/${each.key}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

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
    "--custom-logGroup-prefix"       = local.log_prefix
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
