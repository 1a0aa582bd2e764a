################################################################################
# The doorbell: an object landed, there may be work
################################################################################

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  function_name   = "${var.name}-doorbell"
  timeout_seconds = 30

  job_arn = "arn:${data.aws_partition.current.partition}:glue:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:job/${var.job_name}"
}

module "trust" {
  source = "../trust"

  services = ["lambda.amazonaws.com"]
  # Lambda is not known to tell the account, and without it the role could not be assumed.
  account_id = null
}

module "region" {
  source = "../region"
}

resource "aws_iam_role" "this" {
  name                 = "${var.name}-${module.region.code}-doorbell"
  description          = "Looks at the runs of one Glue job and starts one."
  assume_role_policy   = module.trust.json
  path                 = var.iam.path
  permissions_boundary = var.iam.permissions_boundary
  tags                 = var.tags
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "RingTheJob"
    actions   = ["glue:GetJobRuns", "glue:StartJobRun"]
    resources = [local.job_arn]
  }

  statement {
    sid       = "WriteLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "ring"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

# Before the function, which would create it without retention.
resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}-doorbell"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  function_name    = local.function_name
  description      = "Starts the Glue job ${var.job_name} when files land."
  role             = aws_iam_role.this.arn
  runtime          = "provided.al2023"
  architectures    = [var.architecture]
  handler          = "bootstrap"
  filename         = var.zip_path
  source_code_hash = filebase64sha256(var.zip_path)
  timeout          = local.timeout_seconds
  memory_size      = 256

  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = {
      GLUE_JOB_NAME = var.job_name
      LOG_KEYS      = tostring(var.log_keys)
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  tags = var.tags

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }

  # Lambda checks that the role may send there.
  depends_on = [aws_iam_role_policy.queues]
}

################################################################################
# Permission, then notification: S3 checks that it may invoke the function
################################################################################

resource "aws_lambda_permission" "raw" {
  count = local.by_eventbridge ? 0 : 1

  statement_id   = "raw-bucket"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = var.raw_bucket.arn
  source_account = data.aws_caller_identity.current.account_id
}

# The one notification resource of the bucket: each put replaces the whole document.
resource "aws_s3_bucket_notification" "raw" {
  count = var.object_events == "eventbridge-existing" ? 0 : 1

  bucket      = var.raw_bucket.name
  eventbridge = local.by_eventbridge

  dynamic "lambda_function" {
    for_each = local.by_eventbridge ? [] : toset(var.prefixes)

    content {
      id                  = replace(trimsuffix(lambda_function.value, "/"), "/", "-")
      lambda_function_arn = aws_lambda_function.this.arn
      events              = ["s3:ObjectCreated:*"]
      filter_prefix       = lambda_function.value
      filter_suffix       = var.suffix
    }
  }

  depends_on = [aws_lambda_permission.raw]
}
