output "pipeline" {
  description = "The pipeline as one record (modules/pipeline)."
  value       = module.pipeline.pipeline
}

output "replication_security_group_id" {
  description = "Admit this group on the database's port."
  value       = aws_security_group.replication.id
}
