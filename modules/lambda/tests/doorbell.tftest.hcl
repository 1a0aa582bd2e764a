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

run "the_function_is_a_custom_runtime_of_the_given_package" {
  command = plan

  assert {
    condition     = aws_lambda_function.this.runtime == "provided.al2023" && aws_lambda_function.this.handler == "bootstrap" && aws_lambda_function.this.source_code_hash == filebase64sha256("tests/fixtures/doorbell.zip")
    error_message = "The package decides when the function changes."
  }
}

run "every_new_object_of_the_prefix_rings" {
  command = plan

  assert {
    condition     = one(aws_s3_bucket_notification.raw[0].lambda_function).events == toset(["s3:ObjectCreated:*"]) && one(aws_s3_bucket_notification.raw[0].lambda_function).filter_prefix == "raw/" && one(aws_s3_bucket_notification.raw[0].lambda_function).filter_suffix == ".parquet"
    error_message = "Multipart uploads ring too."
  }

  assert {
    condition     = aws_lambda_permission.raw[0].source_account == "111122223333" && aws_lambda_permission.raw[0].source_arn == "arn:aws:s3:::shop-raw"
    error_message = "Only this account's bucket may invoke the function."
  }
}

run "a_failed_event_is_tried_twice_more" {
  command = plan

  assert {
    condition     = aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 2
    error_message = "Lambda retries twice."
  }
}

run "nothing_is_reserved_unless_it_is_asked_for" {
  command = plan

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == -1
    error_message = "-1 is what the provider calls unreserved; a new account's limit allows no reservation."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Principal.Service == "lambda.amazonaws.com" && !can(jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition)
    error_message = "Only Lambda assumes the role, on no condition that Lambda might not send."
  }
}

run "a_burst_rings_by_as_many_at_a_time_as_are_reserved" {
  command = plan

  variables {
    reserved_concurrency = 2
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 2
    error_message = "Each execution may start a run before the others see it."
  }
}
