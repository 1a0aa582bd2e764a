################################################################################
# Catalog and queries
################################################################################

resource "aws_glue_catalog_database" "this" {
  name         = var.database
  description  = "Tables that equal their source, and their complete change history."
  location_uri = "${local.warehouse}/${var.database}.db"
  tags         = var.tags
}

resource "aws_athena_workgroup" "this" {
  name          = var.name
  description   = "Queries over ${var.database}."
  force_destroy = var.ephemeral_environment
  tags          = var.tags

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true

    result_configuration {
      output_location = "s3://${var.final_bucket.name}/athena-results/"

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = var.kms_key_arn
      }
    }
  }
}
