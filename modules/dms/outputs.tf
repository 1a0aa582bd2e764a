output "task_arn" {
  description = "ARN of the replication task; it is ready and not started."
  value       = aws_dms_replication_task.this.replication_task_arn
}

output "instance_arn" {
  description = "ARN of the replication instance."
  value       = local.instance_arn
}

output "source_endpoint_arn" {
  description = "ARN of the source endpoint."
  value       = aws_dms_endpoint.source.endpoint_arn
}

output "target_endpoint_arn" {
  description = "ARN of the target endpoint."
  value       = aws_dms_s3_endpoint.target.endpoint_arn
}

output "source_endpoint_id" {
  description = "Id of the source endpoint; it tells the settings that cannot change."
  value       = aws_dms_endpoint.source.endpoint_id
}

output "role_arns" {
  description = "ARNs of the roles of the endpoints: source reads the secret, target writes the raw bucket."
  value       = { source = aws_iam_role.source.arn, target = aws_iam_role.target.arn }
}

output "contract" {
  description = "Names of the columns that DMS adds and the size in KB at which it cuts long values, for the reader of its files."
  value       = merge(local.contract, { lob_max_size_kb = var.lob_max_size_kb })
}

output "table_mappings" {
  description = "The mapping rules as an object."
  value       = local.table_mappings
}

output "log_group_name" {
  description = "Log group of the task."
  value       = aws_cloudwatch_log_group.task.name
}
