################################################################################
# Role
################################################################################

module "trust" {
  source = "../trust"

  services = ["glue.amazonaws.com"]
  # Glue does not promise to tell the account.
  account_id = null
}

module "region" {
  source = "../region"
}

resource "aws_iam_role" "this" {
  name                 = "${var.name}-${module.region.code}-glue"
  description          = "Reads raw files, writes Iceberg tables and their catalog entries."
  assume_role_policy   = module.trust.json
  path                 = var.iam.path
  permissions_boundary = var.iam.permissions_boundary
  tags                 = var.tags
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "ListBuckets"
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = [var.raw_bucket.arn, var.final_bucket.arn, var.artifacts_bucket.arn]
  }

  statement {
    sid     = "ReadRawAndCode"
    actions = ["s3:GetObject"]
    resources = [
      "${var.raw_bucket.arn}/${var.raw_folder}/*",
      "${var.artifacts_bucket.arn}/glue/*",
    ]
  }

  statement {
    sid     = "WriteTablesAndState"
    actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    resources = [
      "${var.final_bucket.arn}/warehouse/*",
      "${var.final_bucket.arn}/${local.state_prefix}*",
    ]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]
  }

  statement {
    sid = "KeepCatalog"
    actions = [
      "glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable",
    ]
    resources = [
      "${local.catalog_arn}:catalog",
      "${local.catalog_arn}:database/${var.database}",
      "${local.catalog_arn}:table/${var.database}/*",
    ]
  }

  statement {
    sid       = "WriteLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.arn_prefix}:logs:${local.region}:${local.account}:log-group:${local.log_prefix}/*"]
  }

  dynamic "statement" {
    for_each = length(local.reference_files) == 0 ? [] : [local.reference_files]

    content {
      sid       = "ReadReferenceFiles"
      actions   = ["s3:GetObject"]
      resources = [for file in statement.value : "${local.arn_prefix}:s3:::${file}*"]
    }
  }

  dynamic "statement" {
    for_each = length(local.reference_files) == 0 ? [] : [distinct([for file in local.reference_files : split("/", file)[0]])]

    content {
      sid       = "ListReferenceFiles"
      actions   = ["s3:ListBucket"]
      resources = [for bucket in statement.value : "${local.arn_prefix}:s3:::${bucket}"]

      condition {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = [for file in local.reference_files : "${join("/", slice(split("/", file), 1, length(split("/", file))))}*"]
      }
    }
  }

  # https://docs.aws.amazon.com/glue/latest/dg/monitor-profile-glue-job-cloudwatch-metrics.html; the action has no resources.
  statement {
    sid       = "WriteMetrics"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["Glue"]
    }
  }

  # A run whose time is spent starts the next one, as the doorbell does.
  statement {
    sid       = "RingOwnJob"
    actions   = ["glue:StartJobRun"]
    resources = ["${local.catalog_arn}:job/${var.name}"]
  }

  dynamic "statement" {
    for_each = var.mask_salt_secret_arn == null ? [] : [var.mask_salt_secret_arn]

    content {
      sid       = "ReadMaskSalt"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "apply-changes"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}
