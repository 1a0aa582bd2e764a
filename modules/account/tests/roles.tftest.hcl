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

run "the_roles_have_the_names_that_dms_looks_for" {
  command = plan

  assert {
    condition     = aws_iam_role.vpc[0].name == "dms-vpc-role" && aws_iam_role.logs[0].name == "dms-cloudwatch-logs-role"
    error_message = "DMS finds its roles by fixed names."
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.vpc[0], aws_iam_role.logs[0]] : jsondecode(role.assume_role_policy).Statement[0].Principal.Service == "dms.amazonaws.com"])
    error_message = "Only DMS may assume the roles."
  }

  assert {
    condition = (
      jsondecode(aws_iam_role.vpc[0].assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333" &&
      jsondecode(aws_iam_role.vpc[0].assume_role_policy).Statement[0].Condition.ArnLike["aws:SourceArn"] == "arn:aws:dms:*:111122223333:*"
    )
    error_message = "Only for work of this account."
  }

  assert {
    condition     = !can(jsondecode(aws_iam_role.logs[0].assume_role_policy).Statement[0].Condition)
    error_message = "With a condition DMS writes no logs."
  }
}

run "a_role_that_the_account_has_already_is_not_made_and_its_arn_is_given_out" {
  command = plan

  variables {
    create = { vpc = false }
  }

  assert {
    condition     = length(aws_iam_role.vpc) == 0 && output.dms_vpc_role_arn == "arn:aws:iam::111122223333:role/dms-vpc-role" && length(aws_iam_role.logs) == 1
    error_message = "The other one is made."
  }
}
