output "json" {
  description = "The trust policy, for assume_role_policy of a role."
  value       = data.aws_iam_policy_document.this.json
}
