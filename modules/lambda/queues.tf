################################################################################
# Events that failed: once more by the same function, and what fails for good is a dead letter
################################################################################

locals {
  arn_prefix  = "arn:${data.aws_partition.current.partition}"
  sqs_prefix  = "${local.arn_prefix}:sqs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
  failed_name = "${local.function_name}-failed"
  failed_arn  = "${local.sqs_prefix}:${local.failed_name}"
  dead_name   = "${local.function_name}-dead"
  dead_arn    = "${local.sqs_prefix}:${local.dead_name}"

  # Six time-outs of the function, as Lambda advises: a batch that waits for a free execution is not given to a second one.
  visibility_seconds = 6 * local.timeout_seconds

  longest_retention_seconds = 14 * 24 * 60 * 60
}

data "aws_iam_policy_document" "failed" {
  source_policy_documents = [data.aws_iam_policy_document.tls["failed"].json]

  # A rule whose target could not be invoked.
  statement {
    sid       = "TakeFromRules"
    actions   = ["sqs:SendMessage"]
    resources = [local.failed_arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [for rule in local.rule_names : "${local.arn_prefix}:events:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:rule/${rule}"]
    }
  }
}

data "aws_iam_policy_document" "tls" {
  for_each = { failed = local.failed_arn, dead = local.dead_arn }

  statement {
    sid       = "DenyWithoutTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue" "dead" {
  name                      = local.dead_name
  message_retention_seconds = local.longest_retention_seconds
  sqs_managed_sse_enabled   = true
  policy                    = data.aws_iam_policy_document.tls["dead"].json
  tags                      = var.tags

  redrive_allow_policy = jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [local.failed_arn] })
}

resource "aws_sqs_queue" "failed" {
  name                       = local.failed_name
  message_retention_seconds  = local.longest_retention_seconds
  visibility_timeout_seconds = local.visibility_seconds
  sqs_managed_sse_enabled    = true
  policy                     = data.aws_iam_policy_document.failed.json
  tags                       = var.tags

  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })
}

data "aws_iam_policy_document" "queues" {
  statement {
    sid       = "FeedFromAndFailToQueue"
    actions   = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [local.failed_arn]
  }
}

resource "aws_iam_role_policy" "queues" {
  name   = "queues"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.queues.json
}

resource "aws_lambda_event_source_mapping" "failed" {
  event_source_arn = aws_sqs_queue.failed.arn
  function_name    = aws_lambda_function.this.arn
  batch_size       = 10
  tags             = var.tags

  # A message that is not understood comes back alone.
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 2
  }

  depends_on = [aws_iam_role_policy.queues]
}
