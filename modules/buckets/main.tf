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

  # The module that composes this one may wait for something; what is read then is unknown at plan, and an unknown name replaces
  # a bucket.
  account_id  = var.account_id == null ? data.aws_caller_identity.current.account_id : var.account_id
  kms_key_arn = var.kms == null ? aws_kms_key.this[0].arn : var.kms.key_arn
}

module "region" {
  source = "../region"

  name = var.region
}

resource "aws_kms_key" "this" {
  # Whether a key is given must be known at plan, which a key made in the same root is not: the object tells, not the ARN.
  count = var.kms == null ? 1 : 0

  description             = "Data of the CDC pipeline ${var.name}."
  enable_key_rotation     = true
  deletion_window_in_days = var.ephemeral_environment ? 7 : 30
  tags                    = var.tags
}

resource "aws_kms_alias" "this" {
  count = var.kms == null ? 1 : 0

  name          = "alias/${var.name}-cdc"
  target_key_id = aws_kms_key.this[0].key_id
}

resource "aws_s3_bucket" "this" {
  for_each = local.buckets

  bucket        = "${var.name}-${each.key}-${module.region.code}-${local.account_id}"
  force_destroy = var.ephemeral_environment
  tags          = var.tags

  # Destroyed before the key: a bucket that holds objects refuses, and the key that they are read with stays.
  depends_on = [aws_kms_key.this]

  lifecycle {
    precondition {
      condition     = length("${var.name}-artifacts-${module.region.code}-${local.account_id}") <= 63
      error_message = "name is too long: with purpose, region and account id a bucket name has at most 63 characters."
    }
  }
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
