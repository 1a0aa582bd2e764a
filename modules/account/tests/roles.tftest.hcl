# The real provider, without an account: policies are rendered as they will be, and nothing is called.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}


run "the_roles_have_the_names_that_dms_looks_for" {
  command = plan

  assert {
    condition     = aws_iam_role.vpc.name == "dms-vpc-role" && aws_iam_role.logs.name == "dms-cloudwatch-logs-role"
    error_message = "DMS finds its roles by fixed names."
  }

  assert {
    condition     = jsondecode(aws_iam_role.vpc.assume_role_policy).Statement[0].Principal.Service == "dms.amazonaws.com"
    error_message = "Only DMS may assume the role."
  }
}
