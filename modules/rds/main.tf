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

################################################################################
# Parameters: there before the instance is, because logical replication needs a restart
################################################################################

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = "postgres${split(".", var.engine_version)[0]}"
  description = "Logical replication for change data capture of ${var.name}."
  tags        = var.tags

  parameter {
    name         = "rds.logical_replication"
    value        = "1"
    apply_method = "pending-reboot"
  }

  # DMS fails with a time-out between 1 and 9999 ms; 0 is none.
  parameter {
    name         = "wal_sender_timeout"
    value        = "0"
    apply_method = "immediate"
  }

  dynamic "parameter" {
    for_each = var.parameters

    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.apply_method
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

################################################################################
# Instance
################################################################################

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Subnets of the database ${var.name}."
  subnet_ids  = var.subnet_ids
  tags        = var.tags
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  engine         = "postgres"
  engine_version = var.engine_version
  # RDS refuses it while a logical replication slot is there: see README.
  allow_major_version_upgrade = var.allow_major_version_upgrade
  instance_class              = var.instance_class
  db_name                     = var.database

  username            = var.administrator
  password_wo         = jsondecode(ephemeral.aws_secretsmanager_secret_version.administrator.secret_string)["password"]
  password_wo_version = var.password_version

  allocated_storage     = var.allocated_storage
  max_allocated_storage = var.max_allocated_storage == null ? max(100, 2 * var.allocated_storage) : var.max_allocated_storage
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = var.kms_key_arn

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = var.security_group_ids
  publicly_accessible    = false
  multi_az               = var.multi_az

  parameter_group_name    = aws_db_parameter_group.this.name
  backup_retention_period = var.backup_retention_days
  copy_tags_to_snapshot   = true

  performance_insights_enabled    = var.performance_insights
  enabled_cloudwatch_logs_exports = var.log_exports

  deletion_protection       = !var.ephemeral_environment
  skip_final_snapshot       = var.ephemeral_environment
  final_snapshot_identifier = var.ephemeral_environment ? null : "${var.name}-final-${substr(sha256(aws_secretsmanager_secret.administrator.arn), 0, 6)}"
  apply_immediately         = var.ephemeral_environment

  tags = var.tags
}

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
