output "pipeline" {
  description = "The pipeline as one record: what its operators, its tests and its consumers need to find it."
  value = {
    name                  = var.name
    raw_bucket            = module.buckets.raw.name
    raw_prefix            = "${local.raw_folder}/"
    final_bucket          = module.buckets.final.name
    database              = module.glue.database
    workgroup             = module.glue.workgroup
    job_name              = module.glue.job_name
    job_log_group         = module.glue.log_group_names.output
    job_error_log_group   = module.glue.log_group_names.error
    function_name         = module.lambda.function_name
    function_log_group    = module.lambda.log_group_name
    dead_letter_queue_arn = module.lambda.dead_letter_queue.arn
    dead_letter_queue_url = module.lambda.dead_letter_queue.url
    failed_queue_url      = module.lambda.failed_queue.url
    task_arn              = module.dms.task_arn
    task_log_group        = module.dms.log_group_name
    instance_arn          = module.dms.instance_arn
    source_endpoint_arn   = module.dms.source_endpoint_arn
    target_endpoint_arn   = module.dms.target_endpoint_arn
    connection_secret_arn = var.source_database.secret_arn
    mask_salt_secret_arn  = aws_secretsmanager_secret_version.salt.arn
    tables                = var.tables
  }
}

output "buckets" {
  description = "The buckets raw, final and artifacts: name and ARN of each."
  value       = { raw = module.buckets.raw, final = module.buckets.final, artifacts = module.buckets.artifacts }
}

output "kms_key_arn" {
  description = "ARN of the key of buckets and instance storage."
  value       = module.buckets.kms_key_arn
}

output "role_arns" {
  description = "ARNs of the roles: source and target of DMS, doorbell, job. For key policies, boundaries and Lake Formation."
  value       = merge(module.dms.role_arns, { doorbell = module.lambda.role_arn, job = module.glue.role_arn })
}

output "job_arn" {
  description = "ARN of the Glue job."
  value       = module.glue.job_arn
}

output "function_arn" {
  description = "ARN of the doorbell."
  value       = module.lambda.function_arn
}

output "workgroup_arn" {
  description = "ARN of the Athena work group."
  value       = module.glue.workgroup_arn
}

output "table_names" {
  description = "Table of the source as schema.name → the names of its tables in the catalog: current (null for a table without a key) and log."
  value       = module.glue.table_names
}
