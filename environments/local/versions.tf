terraform {
  required_version = ">= 1.11"

  # The state of a throw-away environment is a file; where it lies is said at init: -backend-config=path=...
  backend "local" {}

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "= 5.100.0"
    }
  }
}

provider "aws" {
  region = var.region
}
