################################################################################
# EventBridge: runs that did not come to their end, and objects where the bucket's notification is not ours
################################################################################

locals {
  run_ended_name = "${local.function_name}-run-ended"
  objects_name   = "${local.function_name}-objects"

  by_eventbridge = var.object_events != "notification"
  rule_names     = concat([local.schedule_name, local.run_ended_name], local.by_eventbridge ? [local.objects_name] : [])
}

# A run that dies before it listed would leave its files to the next event.
resource "aws_cloudwatch_event_rule" "run_ended" {
  name        = local.run_ended_name
  description = "Rings when a run of ${var.job_name} failed, was stopped or ran out of time."
  tags        = var.tags

  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Job State Change"]
    detail      = { jobName = [var.job_name], state = ["FAILED", "TIMEOUT", "STOPPED"] }
  })
}

resource "aws_cloudwatch_event_target" "run_ended" {
  rule      = aws_cloudwatch_event_rule.run_ended.name
  target_id = "doorbell"
  arn       = aws_lambda_function.this.arn

  dead_letter_config {
    arn = aws_sqs_queue.failed.arn
  }

  depends_on = [aws_lambda_permission.rules]
}

resource "aws_cloudwatch_event_rule" "objects" {
  count = local.by_eventbridge ? 1 : 0

  name        = local.objects_name
  description = "Rings when an object lands in ${var.raw_bucket.name}."
  tags        = var.tags

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [var.raw_bucket.name] }
      object = { key = [for prefix in var.prefixes : { wildcard = "${prefix}*${var.suffix}" }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "objects" {
  count = local.by_eventbridge ? 1 : 0

  rule      = aws_cloudwatch_event_rule.objects[0].name
  target_id = "doorbell"
  arn       = aws_lambda_function.this.arn

  dead_letter_config {
    arn = aws_sqs_queue.failed.arn
  }

  depends_on = [aws_lambda_permission.rules]
}

resource "aws_lambda_permission" "rules" {
  for_each = toset(local.rule_names)

  statement_id  = trimprefix(each.value, "${local.function_name}-")
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "events.amazonaws.com"
  source_arn    = "${local.arn_prefix}:events:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:rule/${each.value}"
}
