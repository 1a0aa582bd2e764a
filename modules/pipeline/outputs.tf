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
    mask_salt_secret_arn  = one(aws_secretsmanager_secret_version.salt[*].arn)
    tables                = var.tables
  }
}
