################################################################################
# Lifecycle: uploads that were broken off, raw files that are long applied, results of queries
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
    for_each = each.key == "final" ? [true] : []

    content {
      id     = "expire-query-results"
      status = "Enabled"

      filter {
        prefix = "athena-results/"
      }

      expiration {
        days = 7
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
