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
