output "job_name" {
  description = "Name of the Glue job."
  value       = aws_glue_job.this.name
}

output "job_arn" {
  description = "ARN of the Glue job."
  value       = aws_glue_job.this.arn
}

output "role_arn" {
  description = "ARN of the job's role."
  value       = aws_iam_role.this.arn
}

output "workgroup_arn" {
  description = "ARN of the Athena work group."
  value       = aws_athena_workgroup.this.arn
}

output "table_names" {
  description = "Table of the source as schema.name → the names of its tables in the catalog: current (null for a table without a key) and log."
  value = { for table in var.tables : "${table.schema}.${table.name}" => {
    current = length(table.primary_key) == 0 ? null : lower(replace("${table.schema}_${table.name}", "/[^A-Za-z0-9_]/", "_"))
    log     = lower(replace("${table.schema}_${table.name}_changes", "/[^A-Za-z0-9_]/", "_"))
  } }
}

output "database" {
  description = "Name of the Glue database of the final tables."
  value       = aws_glue_catalog_database.this.name
}

output "log_group_names" {
  description = "Log groups of the job's runs: output has what the job says, error Spark's own lines."
  value       = { for name, group in aws_cloudwatch_log_group.this : name => group.name }
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
