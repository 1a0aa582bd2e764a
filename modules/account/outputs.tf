output "dms_vpc_role_arn" {
  description = "ARN of the role with which DMS manages network interfaces. A replication subnet group can be made only when it is there."
  value       = var.create.vpc ? aws_iam_role.vpc[0].arn : "${local.role_prefix}/dms-vpc-role"
  depends_on  = [aws_iam_role_policy_attachment.vpc]
}

output "dms_logs_role_arn" {
  description = "ARN of the role with which DMS writes task logs."
  value       = var.create.logs ? aws_iam_role.logs[0].arn : "${local.role_prefix}/dms-cloudwatch-logs-role"
  depends_on  = [aws_iam_role_policy_attachment.logs]
}
