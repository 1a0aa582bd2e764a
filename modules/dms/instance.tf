################################################################################
# Replication instance
################################################################################

# Whether an instance is brought along is told by the object, not by its ARN, which may be known only after an apply.
resource "aws_dms_replication_subnet_group" "this" {
  count = var.replication_instance == null ? 1 : 0

  replication_subnet_group_id          = var.name
  replication_subnet_group_description = "Subnets of the replication instance ${var.name}."
  subnet_ids                           = var.subnet_ids
  tags                                 = var.tags

  lifecycle {
    precondition {
      condition     = endswith(var.account.dms_vpc_role_arn, "role/dms-vpc-role")
      error_message = "account.dms_vpc_role_arn is not the ARN of a role dms-vpc-role, which DMS looks for by this name. Apply modules/account once in this account, and pass it: account = module.account."
    }
  }
}

resource "aws_dms_replication_instance" "this" {
  count = var.replication_instance == null ? 1 : 0

  replication_instance_id     = var.name
  replication_instance_class  = var.instance_class
  allocated_storage           = var.allocated_storage
  replication_subnet_group_id = aws_dms_replication_subnet_group.this[0].id
  vpc_security_group_ids      = var.security_group_ids
  kms_key_arn                 = var.kms_key_arn
  multi_az                    = var.multi_az
  publicly_accessible         = false
  engine_version              = var.engine_version
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = true
  apply_immediately           = true
  tags                        = var.tags

  # Destroyed before the group: an instance that still lives would make the group again, and the next apply would find it there.
  depends_on = [aws_cloudwatch_log_group.task]
}

# DMS would create the group itself, without retention.
resource "aws_cloudwatch_log_group" "task" {
  name              = "dms-tasks-${var.name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}
