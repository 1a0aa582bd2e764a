output "pipeline" {
  description = "The pipeline as one record (modules/pipeline)."
  value       = module.stack.pipeline
}

output "source" {
  description = "The source database: where it is, and the secret of its administrator."
  value       = module.stack.source
}
