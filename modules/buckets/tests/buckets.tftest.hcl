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

variables {
  name = "shop"
  kms  = { key_arn = "arn:aws:kms:eu-west-1:111122223333:key/1" }
}

run "every_bucket_is_private_and_encrypted_with_the_key" {
  command = plan

  assert {
    condition     = toset(keys(aws_s3_bucket.this)) == toset(["raw", "final", "artifacts"])
    error_message = "There are three buckets."
  }

  assert {
    condition     = alltrue([for block in aws_s3_bucket_public_access_block.this : block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets])
    error_message = "Nothing is public."
  }

  assert {
    condition     = alltrue([for encryption in aws_s3_bucket_server_side_encryption_configuration.this : one(encryption.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms.key_arn])
    error_message = "Each bucket uses the given key."
  }

  assert {
    condition     = length(aws_kms_key.this) == 0
    error_message = "A key that is given is not made again."
  }

  assert {
    condition     = aws_s3_bucket.this["raw"].bucket == "shop-raw-euw1-111122223333"
    error_message = "Names carry purpose, region and account."
  }
}

run "raw_files_are_kept_unless_a_retention_is_set" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this["raw"].rule) == 1
    error_message = "Without a retention nothing of raw expires."
  }
}

run "a_retention_expires_raw_files_only" {
  command = plan

  variables {
    raw_retention_days = 30
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this["raw"].rule) == 2 && !contains(flatten([for rule in aws_s3_bucket_lifecycle_configuration.this["final"].rule : rule.filter[*].prefix]), "raw/")
    error_message = "Only raw gets the rule."
  }
}

run "a_throw_away_environment_may_delete_full_buckets_and_no_other" {
  command = plan

  assert {
    condition     = alltrue([for bucket in aws_s3_bucket.this : bucket.force_destroy == false])
    error_message = "By default a bucket that holds objects stays."
  }
}

run "an_account_that_is_named_is_not_asked_for" {
  command = plan

  variables {
    account_id = "444455556666"
  }

  assert {
    condition     = aws_s3_bucket.this["final"].bucket == "shop-final-euw1-444455556666"
    error_message = "A name that waits for an answer would replace the bucket."
  }
}

run "a_key_of_its_own_has_an_alias" {
  command = plan

  variables {
    kms = null
  }

  assert {
    condition     = length(aws_kms_key.this) == 1 && aws_kms_alias.this[0].name == "alias/shop-cdc"
    error_message = "People find the key by its name."
  }
}

run "results_of_queries_expire_and_tables_do_not" {
  command = plan

  assert {
    condition     = { for rule in aws_s3_bucket_lifecycle_configuration.this["final"].rule : rule.id => one(rule.filter).prefix if length(rule.expiration) > 0 } == { "expire-query-results" = "athena-results/" }
    error_message = "Only what queries leave expires."
  }
}

# The ARN of a key of the same root is unknown when the plan is made; terraform_data's output stands for it. The plan that succeeds is
# the proof: a count that depended on the ARN would be refused.
run "a_key_of_the_same_root_can_be_given" {
  command = plan

  module {
    source = "./tests/key_of_the_same_root"
  }

  override_data {
    target = module.buckets.data.aws_caller_identity.current
    values = { account_id = "111122223333" }
  }
}
