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
  name = "shop"
}

run "a_retention_of_two_days_is_refused" {
  command = plan

  variables {
    name               = "shop"
    raw_retention_days = 2
  }

  expect_failures = [var.raw_retention_days]
}

run "an_alias_for_a_key_is_refused" {
  command = plan

  variables {
    kms = { key_arn = "arn:aws:kms:eu-west-1:111122223333:alias/mine" }
  }

  expect_failures = [var.kms]
}

run "a_retention_of_half_a_day_is_refused" {
  command = plan

  variables {
    raw_retention_days = 7.5
  }

  expect_failures = [var.raw_retention_days]
}

run "a_policy_of_a_bucket_that_is_none_is_refused" {
  command = plan

  variables {
    bucket_policies = { logs = "{}" }
  }

  expect_failures = [var.bucket_policies]
}
