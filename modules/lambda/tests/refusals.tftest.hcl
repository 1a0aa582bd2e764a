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
  name       = "shop"
  zip_path   = "tests/fixtures/doorbell.zip"
  job_name   = "shop"
  raw_bucket = { name = "shop-raw", arn = "arn:aws:s3:::shop-raw" }
  prefixes   = ["raw/"]
}

run "a_package_that_is_not_there_is_refused" {
  command = plan

  variables {
    zip_path = "tests/fixtures/missing.zip"
  }

  expect_failures = [var.zip_path]
}

run "prefixes_that_contain_one_another_are_refused" {
  command = plan

  variables {
    prefixes = ["raw/", "raw/public/"]
  }

  expect_failures = [var.prefixes]
}

run "a_doorbell_that_never_runs_is_refused" {
  command = plan

  variables {
    reserved_concurrency = 0
  }

  expect_failures = [var.reserved_concurrency]
}

run "a_schedule_that_never_rings_is_refused" {
  command = plan

  variables {
    schedule_minutes = 0
  }

  expect_failures = [var.schedule_minutes]
}

run "another_way_of_events_is_refused" {
  command = plan

  variables {
    object_events = "sns"
  }

  expect_failures = [var.object_events]
}
