# The real provider, without an account: nothing is called.
provider "aws" {
  region                      = "ap-southeast-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

run "the_providers_region_is_taken_where_none_is_named" {
  command = plan

  assert {
    condition     = output.code == "apse2"
    error_message = "ap-southeast-2 is apse2."
  }
}

run "regions_of_like_names_differ" {
  command = plan

  variables {
    name = "ap-south-1"
  }

  assert {
    condition     = output.code == "aps1"
    error_message = "ap-south-1 is aps1, and ap-southeast-1 another."
  }
}

run "the_longest_name_is_short" {
  command = plan

  variables {
    name = "us-gov-east-1"
  }

  assert {
    condition     = output.code == "usgove1"
    error_message = "us-gov-east-1 is usgove1."
  }
}

run "what_is_no_region_is_refused" {
  command = plan

  variables {
    name = "Frankfurt"
  }

  expect_failures = [var.name]
}
