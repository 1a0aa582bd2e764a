################################################################################
# Connection secret: what DMS reads. RDS's own secret has no host and no port.
################################################################################

resource "aws_secretsmanager_secret" "connection" {
  name_prefix             = "${var.name}/connection-"
  description             = "How DMS reaches the database ${var.name}."
  recovery_window_in_days = var.ephemeral_environment ? 0 : 30
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_version" "connection" {
  secret_id = aws_secretsmanager_secret.connection.id
  secret_string_wo = jsonencode({
    engine   = "postgres"
    host     = aws_db_instance.this.address
    port     = aws_db_instance.this.port
    dbname   = var.database
    username = var.administrator
    password = jsondecode(ephemeral.aws_secretsmanager_secret_version.administrator.secret_string)["password"]
  })
  # A write-only string is written when its version changes: with the password, and with a database that was replaced.
  secret_string_wo_version = parseint(substr(sha256("${aws_db_instance.this.address}:${aws_db_instance.this.port}:${var.password_version}"), 0, 7), 16)
}
