output "job_name" {
  description = "Name of the Glue job."
  value       = aws_glue_job.this.name
}

output "database" {
  description = "Name of the Glue database of the final tables."
  value       = aws_glue_catalog_database.this.name
}

output "workgroup" {
  description = "Name of the Athena work group."
  value       = aws_athena_workgroup.this.name
}

output "configuration_uri" {
  description = "Where the job's configuration lies."
  value       = "s3://${var.artifacts_bucket.name}/${aws_s3_object.configuration.key}"
}

output "configuration" {
  description = "The job's configuration, as it reads it."
  value       = local.configuration
}
