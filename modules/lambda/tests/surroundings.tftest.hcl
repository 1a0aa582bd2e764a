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

run "an_event_that_failed_goes_to_the_queue_that_feeds_the_function_again" {
  command = plan

  assert {
    condition     = aws_lambda_event_source_mapping.failed.function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "A message that is not understood must not bring the others back."
  }

  assert {
    condition     = aws_sqs_queue.failed.visibility_timeout_seconds >= 6 * aws_lambda_function.this.timeout
    error_message = "A batch that waits for an execution must not be given to a second one."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.dead.redrive_allow_policy).sourceQueueArns == ["arn:aws:sqs:eu-west-1:111122223333:shop-doorbell-failed"]
    error_message = "The dead-letter queue is this queue's and no other's."
  }
}

run "queues_are_encrypted_and_refuse_plain_connections" {
  command = plan

  assert {
    condition     = aws_sqs_queue.failed.sqs_managed_sse_enabled && aws_sqs_queue.dead.sqs_managed_sse_enabled
    error_message = "Both queues are encrypted."
  }

  assert {
    condition     = alltrue([for queue in [aws_sqs_queue.failed, aws_sqs_queue.dead] : anytrue([for statement in jsondecode(queue.policy).Statement : statement.Effect == "Deny" && try(statement.Condition.Bool["aws:SecureTransport"], "") == "false"])])
    error_message = "Nothing travels without TLS."
  }
}

run "the_schedule_rings_every_five_minutes_and_is_on" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_rule.schedule.schedule_expression == "rate(5 minutes)" && aws_cloudwatch_event_rule.schedule.state == "ENABLED"
    error_message = "The schedule bounds the delay of a lost event."
  }
}

run "one_minute_is_spelled_as_EventBridge_wants_it" {
  command = plan

  variables {
    schedule_minutes = 1
  }

  assert {
    condition     = aws_cloudwatch_event_rule.schedule.schedule_expression == "rate(1 minute)"
    error_message = "EventBridge refuses rate(1 minutes)."
  }
}

run "a_run_of_this_job_that_did_not_end_well_rings" {
  command = plan

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.run_ended.event_pattern) == { source = ["aws.glue"], detail-type = ["Glue Job State Change"], detail = { jobName = ["shop"], state = ["FAILED", "TIMEOUT", "STOPPED"] } }
    error_message = "Runs of other jobs, and runs that succeeded, do not ring."
  }

  assert {
    condition     = alltrue([for permission in aws_lambda_permission.rules : permission.principal == "events.amazonaws.com" && startswith(permission.source_arn, "arn:aws:events:eu-west-1:111122223333:rule/shop-doorbell-")])
    error_message = "Only these rules may invoke the function."
  }
}

run "with_EventBridge_the_bucket_does_not_invoke_the_function_itself" {
  command = plan

  variables {
    object_events = "eventbridge"
  }

  assert {
    condition     = aws_s3_bucket_notification.raw[0].eventbridge && length(aws_s3_bucket_notification.raw[0].lambda_function) == 0 && length(aws_lambda_permission.raw) == 0
    error_message = "One object must not ring twice."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.objects[0].event_pattern).detail == { bucket = { name = ["shop-raw"] }, object = { key = [{ wildcard = "raw/*.parquet" }] } }
    error_message = "Prefix and suffix are those of the notification."
  }
}

run "a_notification_that_somebody_else_owns_is_left_alone" {
  command = plan

  variables {
    object_events = "eventbridge-existing"
  }

  assert {
    condition     = length(aws_s3_bucket_notification.raw) == 0 && length(aws_cloudwatch_event_rule.objects) == 1
    error_message = "Each put replaces the whole document."
  }
}

run "keys_are_not_logged_unless_it_is_asked_for" {
  command = plan

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["LOG_KEYS"] == "false"
    error_message = "Keys may tell more than a log is trusted with."
  }
}

run "the_role_reaches_its_job_its_log_and_its_queue_alone" {
  command = plan

  assert {
    condition     = alltrue([for statement in jsondecode(data.aws_iam_policy_document.queues.json).Statement : statement.Resource == "arn:aws:sqs:eu-west-1:111122223333:shop-doorbell-failed"])
    error_message = "No other queue."
  }
}
