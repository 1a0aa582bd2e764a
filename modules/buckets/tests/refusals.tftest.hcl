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

run "a_retention_of_two_days_is_refused" {
  command = plan

  variables {
    name               = "shop"
    raw_retention_days = 2
  }

  expect_failures = [var.raw_retention_days]
}
