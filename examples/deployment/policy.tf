################################################################################
# What an apply of modules/pipeline does, and on what: by the names that all of its resources begin with
################################################################################

data "aws_iam_policy_document" "apply" {
  statement {
    sid       = "Buckets"
    actions   = ["s3:*"]
    resources = ["${local.arn}:s3:::${var.name}-*"]
  }

  statement {
    sid       = "State"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"]
    resources = ["${local.arn}:s3:::${var.state_bucket}", "${local.arn}:s3:::${var.state_bucket}/cdc/${var.name}*"]
  }

  statement {
    sid = "Roles"
    actions = [
      "iam:CreateRole", "iam:DeleteRole", "iam:GetRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole", "iam:UpdateAssumeRolePolicy",
      "iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
    ]
    resources = ["${local.arn}:iam::${local.own}:role/${var.name}-*"]
  }

  statement {
    sid       = "HandRolesOver"
    actions   = ["iam:PassRole"]
    resources = ["${local.arn}:iam::${local.own}:role/${var.name}-*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["dms.amazonaws.com", "glue.amazonaws.com", "lambda.amazonaws.com"]
    }
  }

  statement {
    sid       = "AccountRoles"
    actions   = ["iam:GetRole"]
    resources = ["${local.arn}:iam::${local.own}:role/dms-vpc-role", "${local.arn}:iam::${local.own}:role/dms-cloudwatch-logs-role"]
  }

  statement {
    sid     = "ByName"
    actions = ["glue:*", "lambda:*", "athena:*", "events:*", "sqs:*", "logs:*", "secretsmanager:*"]
    resources = [
      "${local.arn}:glue:*:${local.own}:catalog",
      "${local.arn}:glue:*:${local.own}:database/${replace(var.name, "-", "_")}*",
      "${local.arn}:glue:*:${local.own}:table/${replace(var.name, "-", "_")}*",
      "${local.arn}:glue:*:${local.own}:job/${var.name}",
      "${local.arn}:lambda:*:${local.own}:function:${var.name}-*",
      "${local.arn}:athena:*:${local.own}:workgroup/${var.name}",
      "${local.arn}:events:*:${local.own}:rule/${var.name}-*",
      "${local.arn}:sqs:*:${local.own}:${var.name}-*",
      "${local.arn}:logs:*:${local.own}:log-group:/aws/lambda/${var.name}-*",
      "${local.arn}:logs:*:${local.own}:log-group:dms-tasks-${var.name}*",
      "${local.arn}:logs:*:${local.own}:log-group:/aws-glue/${var.name}/*",
      "${local.arn}:secretsmanager:*:${local.own}:secret:${var.name}/*",
    ]
  }

  statement {
    sid     = "Replication"
    actions = ["dms:*"]
    # Ids of instances, endpoints and tasks are AWS's own choice; tags tell them apart.
    resources = [for kind in ["rep", "endpoint", "task", "subgrp"] : "${local.arn}:dms:*:${local.own}:${kind}:*"]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt", "kms:CreateGrant"]
    resources = [var.kms_key_arn]
  }

  # Describing and listing, for which AWS offers nothing narrower, and the random password of the salt, which is nobody's resource.
  statement {
    sid = "Look"
    actions = [
      "dms:Describe*", "dms:ListTagsForResource", "ec2:DescribeSubnets", "ec2:DescribeVpcs", "ec2:DescribeSecurityGroups",
      "logs:DescribeLogGroups", "lambda:ListEventSourceMappings", "lambda:GetEventSourceMapping", "lambda:CreateEventSourceMapping",
      "lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping", "secretsmanager:GetRandomPassword",
    ]
    resources = ["*"]
  }
}
