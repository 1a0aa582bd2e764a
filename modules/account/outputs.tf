output "dms_vpc_role_arn" {
  description = "ARN of the role with which DMS manages network interfaces. A replication subnet group can be made only when it is there."
  value       = aws_iam_role.vpc.arn
  depends_on  = [aws_iam_role_policy_attachment.vpc]
}

output "dms_logs_role_arn" {
  description = "ARN of the role with which DMS writes task logs."
  value       = aws_iam_role.logs.arn
  depends_on  = [aws_iam_role_policy_attachment.logs]
}
