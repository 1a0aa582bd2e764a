output "raw" {
  description = "The bucket that DMS writes to: name and ARN."
  value       = { name = aws_s3_bucket.this["raw"].id, arn = aws_s3_bucket.this["raw"].arn }
  depends_on  = [aws_s3_bucket_server_side_encryption_configuration.this, aws_s3_bucket_policy.this]
}

output "final" {
  description = "The bucket of the Iceberg tables and the pipeline's state: name and ARN."
  value       = { name = aws_s3_bucket.this["final"].id, arn = aws_s3_bucket.this["final"].arn }
  depends_on  = [aws_s3_bucket_server_side_encryption_configuration.this, aws_s3_bucket_policy.this]
}

output "artifacts" {
  description = "The bucket of code and configuration: name and ARN."
  value       = { name = aws_s3_bucket.this["artifacts"].id, arn = aws_s3_bucket.this["artifacts"].arn }
  depends_on  = [aws_s3_bucket_server_side_encryption_configuration.this, aws_s3_bucket_policy.this, aws_s3_bucket_versioning.this]
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the buckets."
  value       = local.kms_key_arn
}
