output "pipeline" {
  description = "The pipeline as one record (modules/pipeline)."
  value       = module.pipeline.pipeline
}

output "source" {
  description = "The source database: where it is, and the secret of its administrator."
  value = {
    instance_identifier      = module.rds.instance_identifier
    endpoint                 = module.rds.endpoint
    database                 = module.rds.database
    administrator_secret_arn = module.rds.administrator_secret_arn
  }
}
