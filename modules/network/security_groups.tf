################################################################################
# Security groups: replication reaches the database and AWS, nothing reaches replication
################################################################################

resource "aws_security_group" "database" {
  name        = "${var.name}-database"
  description = "The source database."
  vpc_id      = aws_vpc.this.id
  tags        = merge(var.tags, { Name = "${var.name}-database" })
}

resource "aws_security_group" "replication" {
  name        = "${var.name}-replication"
  description = "The DMS replication instance."
  vpc_id      = aws_vpc.this.id
  tags        = merge(var.tags, { Name = "${var.name}-replication" })
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "The interface endpoints of AWS services."
  vpc_id      = aws_vpc.this.id
  tags        = merge(var.tags, { Name = "${var.name}-endpoints" })
}

resource "aws_vpc_security_group_ingress_rule" "database_from_replication" {
  security_group_id            = aws_security_group.database.id
  description                  = "PostgreSQL from the replication instance"
  referenced_security_group_id = aws_security_group.replication.id
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  tags                         = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "database_from_clients" {
  for_each = var.database_clients

  security_group_id            = aws_security_group.database.id
  description                  = "PostgreSQL from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  tags                         = var.tags
}

resource "aws_vpc_security_group_egress_rule" "replication_to_database" {
  security_group_id            = aws_security_group.replication.id
  description                  = "PostgreSQL of the source"
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  tags                         = var.tags
}

resource "aws_vpc_security_group_egress_rule" "replication_to_endpoints" {
  security_group_id            = aws_security_group.replication.id
  description                  = "Secrets Manager by its endpoint"
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  tags                         = var.tags
}

resource "aws_vpc_security_group_egress_rule" "replication_to_s3" {
  security_group_id = aws_security_group.replication.id
  description       = "S3 by its gateway endpoint"
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_replication" {
  security_group_id            = aws_security_group.endpoints.id
  description                  = "HTTPS from the replication instance"
  referenced_security_group_id = aws_security_group.replication.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  tags                         = var.tags
}
