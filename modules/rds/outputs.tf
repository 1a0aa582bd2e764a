output "instance_identifier" {
  description = "Identifier of the DB instance."
  value       = aws_db_instance.this.identifier
}

output "endpoint" {
  description = "Address and port of the database."
  value = {
    address = aws_db_instance.this.address
    port    = aws_db_instance.this.port
  }
}

output "database" {
  description = "Name of the database."
  value       = var.database
}

output "administrator_secret_arn" {
  description = "ARN of the secret with username and password of the administrator."
  value       = aws_secretsmanager_secret.administrator.arn
}

output "connection_secret_arn" {
  description = "ARN of the secret that DMS reads: engine, host, port, dbname, username, password."
  value       = aws_secretsmanager_secret.connection.arn
  # A task that is started before the value is written has nothing to connect with.
  depends_on = [aws_secretsmanager_secret_version.connection]
}
