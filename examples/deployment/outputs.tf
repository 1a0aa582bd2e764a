output "role_arn" {
  description = "ARN of the role, for the workflow."
  value       = aws_iam_role.this.arn
}
