output "function_name" {
  description = "Name of the doorbell function."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "ARN of the doorbell function."
  value       = aws_lambda_function.this.arn
}

output "log_group_name" {
  description = "Log group of the function."
  value       = aws_cloudwatch_log_group.this.name
}
