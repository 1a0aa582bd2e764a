# The real provider, without an account: policies are rendered as they will be, and nothing is called.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

variables {
  name             = "shop"
  database         = "shop"
  raw_bucket       = { name = "shop-raw", arn = "arn:aws:s3:::shop-raw" }
  final_bucket     = { name = "shop-final", arn = "arn:aws:s3:::shop-final" }
  artifacts_bucket = { name = "shop-artifacts", arn = "arn:aws:s3:::shop-artifacts" }
  kms_key_arn      = "arn:aws:kms:eu-west-1:111122223333:key/1"
  script_path      = "main.tf"
  package_path     = "tests/fixtures/cdc.zip"
  contract         = { op_column = "Op", timestamp_column = "ts", sequence_column = "seq", position_column = "pos", before_prefix = "before_" }
  tables           = [{ name = "orders", primary_key = ["order_id"], columns = { note = { mask = "redact" } }, derived = { year = "year(placed_at)" } }]
}

run "an_unknown_mask_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["order_id"], columns = { note = { mask = "rot13" } } }]
  }

  expect_failures = [var.tables]
}

run "names_that_collide_in_the_catalog_are_refused" {
  command = plan

  variables {
    tables = [{ schema = "a", name = "b_c", primary_key = ["id"] }, { schema = "a_b", name = "c", primary_key = ["id"] }]
  }

  expect_failures = [aws_glue_job.this]
}

run "a_budget_longer_than_the_time_out_is_refused" {
  command = plan

  variables {
    timeout_minutes     = 10
    time_budget_seconds = 900
  }

  expect_failures = [var.time_budget_seconds]
}
