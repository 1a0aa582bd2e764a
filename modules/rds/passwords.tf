################################################################################
# Passwords: generated here, kept in Secrets Manager, never in state
################################################################################

# An ephemeral value is new in each run. So it is written once, to the secret, and the database takes its password from a
# read of that secret: an apply that dies in between leaves both with the same password.
ephemeral "aws_secretsmanager_random_password" "administrator" {
  password_length     = 32
  exclude_punctuation = true
}

# With a prefix: a secret of the same name may be waiting for its deletion, and would refuse the next apply for 30 days. The final
# snapshot takes its ending from the secret's, so that the second destroy finds no snapshot of its name.
resource "aws_secretsmanager_secret" "administrator" {
  name_prefix             = "${var.name}/administrator-"
  description             = "Administrator of the database ${var.name}."
  recovery_window_in_days = var.ephemeral_environment ? 0 : 30
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_version" "administrator" {
  secret_id = aws_secretsmanager_secret.administrator.id
  secret_string_wo = jsonencode({
    username = var.administrator
    password = ephemeral.aws_secretsmanager_random_password.administrator.random_password
  })
  secret_string_wo_version = var.password_version
}

ephemeral "aws_secretsmanager_secret_version" "administrator" {
  secret_id  = aws_secretsmanager_secret_version.administrator.secret_id
  version_id = aws_secretsmanager_secret_version.administrator.version_id
}
