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
  name        = "shop"
  raw_bucket  = { name = "shop-raw", arn = "arn:aws:s3:::shop-raw" }
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/1"
  account = {
    dms_vpc_role_arn  = "arn:aws:iam::111122223333:role/dms-vpc-role"
    dms_logs_role_arn = "arn:aws:iam::111122223333:role/dms-cloudwatch-logs-role"
  }
  subnet_ids         = ["subnet-1", "subnet-2"]
  security_group_ids = ["sg-1"]
  source_database    = { database = "shop", secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop" }
  tables = [
    { name = "orders", primary_key = ["order_id"] },
    { schema = "audit", name = "event_log", primary_key = [] },
  ]
}

run "a_table_named_twice_is_refused" {
  command = plan

  variables {
    tables = [{ name = "orders", primary_key = ["id"] }, { name = "Orders", primary_key = ["id"] }]
  }

  expect_failures = [var.tables]
}

run "an_unknown_tls_mode_is_refused" {
  command = plan

  variables {
    source_database = { database = "shop", secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop", ssl_mode = "prefer" }
  }

  expect_failures = [var.source_database]
}

run "without_the_account_role_the_subnet_group_is_refused" {
  command = plan

  variables {
    account = { dms_vpc_role_arn = "", dms_logs_role_arn = "arn:aws:iam::111122223333:role/dms-cloudwatch-logs-role" }
  }

  expect_failures = [aws_dms_replication_subnet_group.this]
}

run "a_wildcard_is_refused" {
  command = plan

  variables {
    tables = [{ name = "ord%", primary_key = ["id"] }]
  }

  expect_failures = [var.tables]
}

run "a_schema_within_the_name_is_refused" {
  command = plan

  variables {
    tables = [{ name = "sales.orders", primary_key = ["id"] }]
  }

  expect_failures = [var.tables]
}

run "an_empty_name_is_refused" {
  command = plan

  variables {
    tables = [{ name = "", primary_key = ["id"] }]
  }

  expect_failures = [var.tables]
}

run "an_unknown_policy_is_refused" {
  command = plan

  variables {
    errors = { data = "IGNORE" }
  }

  expect_failures = [var.errors]
}

run "an_engine_that_writes_other_files_is_refused" {
  command = plan

  variables {
    engine_version = "3.4.7"
  }

  expect_failures = [var.engine_version]
}

run "without_the_role_of_the_logs_the_task_is_refused" {
  command = plan

  variables {
    account = { dms_vpc_role_arn = "arn:aws:iam::111122223333:role/dms-vpc-role", dms_logs_role_arn = "" }
  }

  expect_failures = [aws_dms_replication_task.this]
}

run "verification_without_a_certificate_is_refused" {
  command = plan

  variables {
    source_database = { database = "shop", secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop", ssl_mode = "verify-full" }
  }

  expect_failures = [var.source_database]
}

run "a_secret_by_its_name_is_refused" {
  command = plan

  variables {
    source_database = { database = "shop", secret_arn = "shop/connection" }
  }

  expect_failures = [var.source_database]
}

run "the_same_subnet_twice_is_refused" {
  command = plan

  variables {
    subnet_ids = ["subnet-1", "subnet-1"]
  }

  expect_failures = [var.subnet_ids]
}

run "no_security_group_is_refused" {
  command = plan

  variables {
    security_group_ids = []
  }

  expect_failures = [var.security_group_ids]
}

run "an_instance_by_its_name_is_refused" {
  command = plan

  variables {
    replication_instance = { arn = "shared" }
  }

  expect_failures = [var.replication_instance]
}

run "a_path_without_slashes_is_refused" {
  command = plan

  variables {
    iam = { path = "cdc" }
  }

  expect_failures = [var.iam]
}
