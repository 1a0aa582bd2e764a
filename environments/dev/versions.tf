terraform {
  required_version = ">= 1.11"

  # Bucket, key and region come at init: see README.
  backend "s3" {
    use_lockfile = true
    encrypt      = true
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "= 5.100.0"
    }
  }
}

provider "aws" {
  region = var.region

  # An apply with the credentials of another account is refused.
  allowed_account_ids = var.account_ids
}
