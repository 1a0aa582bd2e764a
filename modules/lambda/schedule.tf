################################################################################
# The schedule bounds the delay of a change whose event was lost, so there is no switch to turn it off
################################################################################

locals {
  schedule_name = "${local.function_name}-schedule"
}

resource "aws_cloudwatch_event_rule" "schedule" {
  name                = local.schedule_name
  description         = "Rings for objects whose event was lost."
  schedule_expression = var.schedule_minutes == 1 ? "rate(1 minute)" : "rate(${var.schedule_minutes} minutes)"
  state               = "ENABLED"
  tags                = var.tags
}

resource "aws_cloudwatch_event_target" "schedule" {
  rule      = aws_cloudwatch_event_rule.schedule.name
  target_id = "doorbell"
  arn       = aws_lambda_function.this.arn

  dead_letter_config {
    arn = aws_sqs_queue.failed.arn
  }

  # The rule must be able to invoke from its first time on.
  depends_on = [aws_lambda_permission.rules]
}
