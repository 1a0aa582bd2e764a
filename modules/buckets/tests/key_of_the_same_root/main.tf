# A root that makes its key beside the buckets.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

resource "terraform_data" "key" {
  input = "arn:aws:kms:eu-west-1:111122223333:key/1"
}

module "buckets" {
  source = "../.."

  name = "shop"
  kms  = { key_arn = terraform_data.key.output }
}
