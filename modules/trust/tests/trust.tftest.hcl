# The real provider, without an account: policies are rendered as they will be, and nothing is called.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variables {
  services   = ["dms.amazonaws.com"]
  account_id = "111122223333"
}

run "a_service_may_for_work_of_the_account_alone" {
  command = plan

  assert {
    condition = jsondecode(output.json).Statement == [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "dms.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
    error_message = "One statement, one service, one account."
  }
}

run "and_of_the_resources_that_are_named" {
  command = plan

  variables {
    source_arns = ["arn:aws:dms:*:111122223333:*"]
  }

  assert {
    condition     = jsondecode(output.json).Statement[0].Condition.ArnLike["aws:SourceArn"] == "arn:aws:dms:*:111122223333:*"
    error_message = "Only for the named resources."
  }
}

run "a_service_that_does_not_tell_the_account_may_without_it" {
  command = plan

  variables {
    account_id = null
  }

  assert {
    condition     = !can(jsondecode(output.json).Statement[0].Condition)
    error_message = "A condition on what is not sent would never hold."
  }
}

run "anybody_is_refused" {
  command = plan

  variables {
    services = ["*"]
  }

  expect_failures = [var.services]
}

run "no_account_is_refused" {
  command = plan

  variables {
    account_id = "*"
  }

  expect_failures = [var.account_id]
}
