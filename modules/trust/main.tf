################################################################################
# Who may assume a role: services of AWS, for work of one account
################################################################################

data "aws_iam_policy_document" "this" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = var.services
    }

    # Against the confused deputy: a service acts for many accounts.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }

    dynamic "condition" {
      for_each = length(var.source_arns) == 0 ? [] : [var.source_arns]

      content {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = condition.value
      }
    }
  }
}
