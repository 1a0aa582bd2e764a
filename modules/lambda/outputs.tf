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

output "failed_queue" {
  description = "The queue of events that failed, which feeds the function again: name, URL and ARN."
  value       = { name = aws_sqs_queue.failed.name, url = aws_sqs_queue.failed.url, arn = aws_sqs_queue.failed.arn }
}

output "dead_letter_queue" {
  description = "The queue of events that failed for good: name, URL and ARN. Nothing should ever be in it: alarm on it, and move it back with make redrive."
  value       = { name = aws_sqs_queue.dead.name, url = aws_sqs_queue.dead.url, arn = aws_sqs_queue.dead.arn }
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = aws_iam_role.this.arn
}
