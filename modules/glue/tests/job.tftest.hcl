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
  name             = "shop"
  database         = "shop"
  raw_bucket       = { name = "shop-raw", arn = "arn:aws:s3:::shop-raw" }
  final_bucket     = { name = "shop-final", arn = "arn:aws:s3:::shop-final" }
  artifacts_bucket = { name = "shop-artifacts", arn = "arn:aws:s3:::shop-artifacts" }
  kms_key_arn      = "arn:aws:kms:eu-west-1:111122223333:key/1"
  script_path      = "main.tf"
  package_path     = "tests/fixtures/cdc.zip"
  contract         = { op_column = "Op", timestamp_column = "ts", sequence_column = "seq", position_column = "pos", before_prefix = "before_" }
  tables           = [{ name = "orders", primary_key = ["order_id"], columns = { note = { mask = "redact" } }, derived = { year = "year(placed_at)" } }]
}

run "one_run_works_and_one_waits" {
  command = plan

  assert {
    condition     = one(aws_glue_job.this.execution_property).max_concurrent_runs == 1 && aws_glue_job.this.max_retries == 0 && aws_glue_job.this.job_run_queuing_enabled
    error_message = "Two runs at once would meet on the same tables."
  }
}

run "the_configuration_names_each_table_with_its_rules" {
  command = plan

  assert {
    condition = jsondecode(aws_s3_object.configuration.content).tables == [{
      schema  = "public", name = "orders", primary_key = ["order_id"], filter = null
      columns = { note = { mask = "redact" } }, derived = { year = "year(placed_at)" }
    }]
    error_message = "The job's tables are the input's."
  }

  assert {
    condition     = { for key, value in jsondecode(aws_s3_object.configuration.content).contract : key => value if value != null } == { for key, value in var.contract : key => value if value != null }
    error_message = "The job reads what DMS writes."
  }
}

run "every_rule_and_choice_of_a_table_reaches_the_job" {
  command = plan

  variables {
    tables = [
      { name = "countries", primary_key = ["code"] },
      {
        name         = "orders", primary_key = ["order_id"], replica_identity = "full", on_incompatible = "reject", on_unchanged_lob = "null", on_truncated_lob = "reject"
        columns      = { note = { trim = true, null_if = "-", default = "none", rename = "remark" }, total = { cast = "decimal(12,2)" } }
        lookups      = [{ from = "public.countries", on = { country = "code" }, columns = { country_name = "name" } }, { from = "s3://refs/rates.csv", on = { currency = "code" }, columns = { rate = "rate" } }]
        expectations = { positive = { must = "total >= 0" }, known = { must = "rate IS NOT NULL", on_broken = "count" } }
      },
    ]
  }

  assert {
    condition = jsondecode(aws_s3_object.configuration.content).tables[1] == {
      schema           = "public", name = "orders", primary_key = ["order_id"], filter = null, derived = {}
      columns          = { note = { trim = true, null_if = "-", default = "none", rename = "remark" }, total = { cast = "decimal(12,2)" } }
      lookups          = [{ from = "public.countries", on = { country = "code" }, columns = { country_name = "name" } }, { from = "s3://refs/rates.csv", on = { currency = "code" }, columns = { rate = "rate" } }]
      expectations     = { positive = { must = "total >= 0", on_broken = "reject" }, known = { must = "rate IS NOT NULL", on_broken = "count" } }
      replica_identity = "full", on_incompatible = "reject", on_unchanged_lob = "null", on_truncated_lob = "reject"
    }
    error_message = "A rule or a choice got lost."
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.this.policy, "arn:aws:s3:::refs/rates.csv*")
    error_message = "The job may not read the file that a lookup names."
  }
}

run "raw_files_that_are_kept_have_no_retention" {
  command = plan

  assert {
    condition     = jsondecode(aws_s3_object.configuration.content).raw == { bucket = "shop-raw", prefix = "raw/", format = "parquet", retention_days = null }
    error_message = "Nothing is deleted, so the job has nothing to check."
  }
}

run "the_retention_of_raw_files_reaches_the_job" {
  command = plan

  variables {
    raw_retention_days = 30
  }

  assert {
    condition     = jsondecode(aws_s3_object.configuration.content).raw.retention_days == 30
    error_message = "The job checks its oldest open batch against it."
  }
}

run "the_role_has_no_resource_that_is_everything" {
  command = plan

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : !contains(flatten([statement.Resource]), "*") || try(statement.Condition.StringEquals["cloudwatch:namespace"], "") == "Glue"])
    error_message = "Each statement names its resources."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : !contains(flatten([statement.Action]), "s3:PutObject") || alltrue([for resource in flatten([statement.Resource]) : startswith(resource, "arn:aws:s3:::shop-final/")])])
    error_message = "The job writes to the final bucket alone."
  }
}

run "a_run_may_start_its_own_job_and_no_other" {
  command = plan

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if contains(flatten([statement.Action]), "glue:StartJobRun")] == [
      "arn:aws:glue:eu-west-1:111122223333:job/shop"
    ]
    error_message = "A run whose time is spent could not ring for the next."
  }
}

run "what_a_starting_run_reads_has_keys_that_no_change_replaces" {
  command = plan

  variables {
    script_path = "outputs.tf"
    tables      = [{ name = "customers", primary_key = ["id"] }]
  }

  assert {
    condition = [aws_s3_object.script.key, aws_s3_object.package.key, aws_s3_object.configuration.key] == [
      "glue/job.py", "glue/cdc.zip", "glue/config.json"
    ]
    error_message = "An object whose key changes is destroyed, and a run that is starting dies of it."
  }

  assert {
    condition     = aws_s3_object.script.source_hash == filemd5("outputs.tf") && aws_s3_object.package.source_hash == filemd5("tests/fixtures/cdc.zip")
    error_message = "A changed file is uploaded though its key stays."
  }

  assert {
    condition     = aws_glue_job.this.command[0].script_location == "s3://shop-artifacts/glue/job.py" && aws_glue_job.this.default_arguments["--config"] == "s3://shop-artifacts/glue/config.json" && aws_glue_job.this.default_arguments["--extra-py-files"] == "s3://shop-artifacts/glue/cdc.zip"
    error_message = "The job reads these objects."
  }
}

run "runs_log_to_groups_of_their_own_that_end_and_to_no_others" {
  command = plan

  variables {
    log_retention_days = 7
  }

  assert {
    condition     = { for name, group in aws_cloudwatch_log_group.this : group.name => group.retention_in_days } == { "/aws-glue/shop/output" = 7, "/aws-glue/shop/error" = 7 }
    error_message = "Glue's shared groups keep every line for ever."
  }

  assert {
    condition     = aws_glue_job.this.default_arguments["--custom-logGroup-prefix"] == "/aws-glue/shop"
    error_message = "The job is told of them."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if contains(flatten([statement.Action]), "logs:PutLogEvents")] == ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws-glue/shop/*"]
    error_message = "The role writes to these alone."
  }
}
