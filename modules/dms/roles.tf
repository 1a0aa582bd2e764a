################################################################################
# Roles: read the secret, write the folder
################################################################################

module "region" {
  source = "../region"
}

module "trust" {
  source = "../trust"

  services    = ["dms.amazonaws.com", "dms.${data.aws_region.current.name}.amazonaws.com"]
  account_id  = data.aws_caller_identity.current.account_id
  source_arns = ["arn:${data.aws_partition.current.partition}:dms:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:*"]
}

resource "aws_iam_role" "source" {
  name                 = "${var.name}-${module.region.code}-dms-source"
  description          = "Reads the connection secret of the source."
  assume_role_policy   = module.trust.json
  path                 = var.iam.path
  permissions_boundary = var.iam.permissions_boundary
  tags                 = var.tags
}

data "aws_iam_policy_document" "source" {
  statement {
    actions   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    resources = [var.source_database.secret_arn]
  }

  dynamic "statement" {
    for_each = var.source_database.secret_kms_key_arn == null ? [] : [var.source_database.secret_kms_key_arn]

    content {
      actions   = ["kms:Decrypt", "kms:DescribeKey"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role_policy" "source" {
  name   = "read-secret"
  role   = aws_iam_role.source.id
  policy = data.aws_iam_policy_document.source.json
}

resource "aws_iam_role" "target" {
  name                 = "${var.name}-${module.region.code}-dms-target"
  description          = "Writes change files to the raw bucket."
  assume_role_policy   = module.trust.json
  path                 = var.iam.path
  permissions_boundary = var.iam.permissions_boundary
  tags                 = var.tags
}

data "aws_iam_policy_document" "target" {
  statement {
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = [var.raw_bucket.arn]
  }

  statement {
    actions   = ["s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload"]
    resources = ["${var.raw_bucket.arn}/${var.raw_folder}/*"]
  }

  statement {
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]
  }
}

resource "aws_iam_role_policy" "target" {
  name   = "write-raw"
  role   = aws_iam_role.target.id
  policy = data.aws_iam_policy_document.target.json
}
