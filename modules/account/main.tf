################################################################################
# The two roles that DMS expects under fixed names, once an account
################################################################################

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  role_prefix = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role"
}

module "trust" {
  source = "../trust"

  services   = ["dms.amazonaws.com"]
  account_id = data.aws_caller_identity.current.account_id
  # Of any region: the roles are the account's.
  source_arns = ["arn:${data.aws_partition.current.partition}:dms:*:${data.aws_caller_identity.current.account_id}:*"]
}

# No condition: with one, DMS is reported to write no logs.
# https://github.com/terraform-aws-modules/terraform-aws-dms/issues/84
module "trust_of_logs" {
  source = "../trust"

  services   = ["dms.amazonaws.com"]
  account_id = null
}

resource "aws_iam_role" "vpc" {
  count = var.create.vpc ? 1 : 0

  name               = "dms-vpc-role"
  description        = "Lets DMS manage network interfaces of replication instances."
  assume_role_policy = module.trust.json
  tags               = var.tags

  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy_attachment" "vpc" {
  count = var.create.vpc ? 1 : 0

  role       = aws_iam_role.vpc[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonDMSVPCManagementRole"
}

resource "aws_iam_role" "logs" {
  count = var.create.logs ? 1 : 0

  name               = "dms-cloudwatch-logs-role"
  description        = "Lets DMS write the logs of replication tasks."
  assume_role_policy = module.trust_of_logs.json
  tags               = var.tags

  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy_attachment" "logs" {
  count = var.create.logs ? 1 : 0

  role       = aws_iam_role.logs[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonDMSCloudWatchLogsRole"
}
