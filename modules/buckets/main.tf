################################################################################
# raw: what DMS writes · final: tables and state · artifacts: code and configuration
################################################################################

data "aws_caller_identity" "current" {}

locals {
  buckets = {
    raw       = { versioned = false } # DMS lists it; versions make its listings time out.
    final     = { versioned = false } # Iceberg has snapshots of its own.
    artifacts = { versioned = true }
  }
  kms_key_arn = coalesce(var.kms_key_arn, one(aws_kms_key.this[*].arn))
}

resource "aws_kms_key" "this" {
  count = var.kms_key_arn == null ? 1 : 0

  description             = "Data of the CDC pipeline ${var.name}."
  enable_key_rotation     = true
  deletion_window_in_days = var.ephemeral_environment ? 7 : 30
  tags                    = var.tags
}

resource "aws_s3_bucket" "this" {
  for_each = local.buckets

  bucket        = "${var.name}-${each.key}-${data.aws_caller_identity.current.account_id}"
  force_destroy = var.ephemeral_environment
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = aws_s3_bucket.this

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = { for name, bucket in local.buckets : name => bucket if bucket.versioned }

  bucket = aws_s3_bucket.this[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = local.kms_key_arn
    }
  }
}

################################################################################
# Nothing travels without TLS
################################################################################

data "aws_iam_policy_document" "tls" {
  for_each = aws_s3_bucket.this

  statement {
    sid       = "DenyWithoutTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value.arn, "${each.value.arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id
  policy = data.aws_iam_policy_document.tls[each.key].json

  # A bucket takes one configuration change at a time.
  depends_on = [aws_s3_bucket_public_access_block.this]
}

################################################################################
# Lifecycle: uploads that were broken off, raw files that are long applied
################################################################################

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    id     = "abort-incomplete-uploads"
    status = "Enabled"
    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }

  dynamic "rule" {
    for_each = each.key == "raw" && var.raw_retention_days != null ? [var.raw_retention_days] : []

    content {
      id     = "expire-raw"
      status = "Enabled"

      filter {
        prefix = "${var.raw_folder}/"
      }

      expiration {
        days = rule.value
      }
    }
  }

  dynamic "rule" {
    for_each = local.buckets[each.key].versioned ? [true] : []

    content {
      id     = "expire-old-versions"
      status = "Enabled"
      filter {}

      noncurrent_version_expiration {
        noncurrent_days = 30
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
