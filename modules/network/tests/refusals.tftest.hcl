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
  target = data.aws_availability_zones.available
  values = { names = ["eu-west-1a", "eu-west-1b"] }
}

run "one_zone_is_refused" {
  command = plan

  variables {
    name       = "shop"
    zone_count = 1
  }

  expect_failures = [var.zone_count]
}

run "a_range_too_small_for_sixteen_parts_is_refused" {
  command = plan

  variables {
    name       = "shop"
    cidr_block = "10.0.0.0/24"
  }

  expect_failures = [var.cidr_block]
}

run "the_same_zone_twice_is_refused" {
  command = plan

  variables {
    name  = "shop"
    zones = ["eu-west-1a", "eu-west-1a"]
  }

  expect_failures = [var.zones]
}
