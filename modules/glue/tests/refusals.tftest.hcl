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

run "a_choice_that_is_none_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["order_id"], on_incompatible = "ignore" }]
  }

  expect_failures = [var.tables]
}

run "a_lookup_from_a_table_that_is_not_there_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["order_id"], lookups = [{ from = "public.countries", on = { country = "code" }, columns = { country_name = "name" } }] }]
  }

  expect_failures = [var.tables]
}

run "an_expectation_with_another_consequence_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["order_id"], expectations = { positive = { must = "total > 0", on_broken = "ignore" } } }]
  }

  expect_failures = [var.tables]
}

run "a_key_that_a_mask_makes_ambiguous_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["order_id"], columns = { order_id = { mask = "drop" } } }]
  }

  expect_failures = [var.tables]
}

run "a_looked_up_column_with_a_name_of_the_pipelines_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["order_id"], lookups = [{ from = "s3://refs/rates.csv", on = { currency = "code" }, columns = { _unsent = "rate" } }] }]
  }

  expect_failures = [var.tables]
}

run "a_key_column_named_twice_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["id", "id"] }]
  }

  expect_failures = [var.tables]
}

run "an_empty_key_column_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = [" "] }]
  }

  expect_failures = [var.tables]
}

run "an_empty_filter_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["id"], filter = " " }]
  }

  expect_failures = [var.tables]
}

run "a_derived_column_in_upper_case_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["id"], derived = { Year = "year(placed_at)" } }]
  }

  expect_failures = [var.tables]
}

run "a_table_of_the_database_itself_is_refused" {
  command = plan

  variables {
    tables = [{ schema = "pg_catalog", name = "pg_class", primary_key = ["oid"] }]
  }

  expect_failures = [var.tables]
}

run "a_table_that_would_be_the_ledger_is_refused" {
  command = plan

  variables {
    tables = [{ schema = "cdc", name = "files", primary_key = ["id"] }]
  }

  expect_failures = [var.tables]
}

run "a_table_that_would_be_another_ones_log_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["id"] }, { name = "orders_changes", primary_key = ["id"] }]
  }

  expect_failures = [aws_glue_job.this]
}

run "a_version_of_glue_with_another_spark_is_refused" {
  command = plan

  variables {
    glue_version = "4.0"
  }

  expect_failures = [var.glue_version]
}

run "a_fraction_of_a_worker_is_refused" {
  command = plan

  variables {
    workers = { count = 2.5 }
  }

  expect_failures = [var.workers]
}

run "a_time_out_of_a_fraction_of_a_minute_is_refused" {
  command = plan

  variables {
    timeout_minutes = 30.5
  }

  expect_failures = [var.timeout_minutes]
}
