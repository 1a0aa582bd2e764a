################################################################################
# The two roles that DMS expects under fixed names, once an account
################################################################################

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

module "trust" {
  source = "../trust"

  services   = ["dms.amazonaws.com"]
  account_id = data.aws_caller_identity.current.account_id
  # Of any region: the roles are the account's.
  source_arns = ["arn:${data.aws_partition.current.partition}:dms:*:${data.aws_caller_identity.current.account_id}:*"]
}

resource "aws_iam_role" "vpc" {
  name               = "dms-vpc-role"
  description        = "Lets DMS manage network interfaces of replication instances."
  assume_role_policy = module.trust.json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "vpc" {
  role       = aws_iam_role.vpc.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonDMSVPCManagementRole"
}

resource "aws_iam_role" "logs" {
  name               = "dms-cloudwatch-logs-role"
  description        = "Lets DMS write the logs of replication tasks."
  assume_role_policy = module.trust.json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.logs.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonDMSCloudWatchLogsRole"
}
