################################################################################
# Task: made ready; starting it is an operation, not a state. A change of mappings or settings stops a running task: make start
# resumes it.
################################################################################

resource "aws_dms_replication_task" "this" {
  replication_task_id       = var.name
  migration_type            = "full-load-and-cdc"
  replication_instance_arn  = local.instance_arn
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
