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

run "each_table_is_selected_by_its_exact_name" {
  command = plan

  assert {
    condition     = [for rule in jsondecode(aws_dms_replication_task.this.table_mappings).rules : "${rule["object-locator"]["schema-name"]}.${rule["object-locator"]["table-name"]}" if rule["rule-type"] == "selection"] == ["audit.event_log", "public.orders"]
    error_message = "The selections are the tables, in the order of their names."
  }

  assert {
    condition     = alltrue([for rule in jsondecode(aws_dms_replication_task.this.table_mappings).rules : rule["rule-action"] == "explicit" if rule["rule-type"] == "selection"])
    error_message = "An include would read an underscore as a wildcard."
  }
}

run "the_file_contract_of_the_job_is_what_the_endpoint_writes" {
  command = plan

  assert {
    condition     = aws_dms_s3_endpoint.target.include_op_for_full_load && aws_dms_s3_endpoint.target.timestamp_column_name == output.contract.timestamp_column && aws_dms_s3_endpoint.target.data_format == "parquet"
    error_message = "The job needs the operation and the time in every file."
  }

  assert {
    condition     = [for rule in jsondecode(aws_dms_replication_task.this.table_mappings).rules : rule.expression if rule["rule-action"] == "add-column"] == ["$AR_H_CHANGE_SEQ", "$AR_H_STREAM_POSITION"]
    error_message = "Sequence and position come from DMS's headers."
  }

  assert {
    condition     = one([for rule in jsondecode(aws_dms_replication_task.this.table_mappings).rules : rule["before-image-def"] if rule["rule-action"] == "add-before-image-columns"])["column-filter"] == "pk-only"
    error_message = "A key update must carry the old key."
  }

  assert {
    condition = jsondecode(aws_dms_replication_task.this.replication_task_settings).ChangeProcessingDdlHandlingPolicy == {
      HandleSourceTableDropped = false, HandleSourceTableTruncated = false, HandleSourceTableAltered = true
    }
    error_message = "A TRUNCATE of the source must not delete raw files."
  }
}

run "the_task_is_made_ready_and_not_started" {
  command = plan

  assert {
    condition     = aws_dms_replication_task.this.start_replication_task == false && aws_dms_replication_task.this.migration_type == "full-load-and-cdc"
    error_message = "Starting is an operation, not a state."
  }
}

run "the_roles_reach_one_secret_one_folder_and_one_key" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role_policy.source.policy).Statement[0].Resource == var.source_database.secret_arn
    error_message = "The source role reads the one secret."
  }

  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_role_policy.target.policy).Statement : statement.Resource])) == toset(["arn:aws:s3:::shop-raw", "arn:aws:s3:::shop-raw/raw/*", var.kms_key_arn])
    error_message = "The target role writes below the folder."
  }

  assert {
    condition     = jsondecode(aws_iam_role.target.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333"
    error_message = "No other account's DMS may use the role."
  }
}

run "another_order_of_the_tables_is_no_change" {
  command = plan

  variables {
    tables = [
      { schema = "audit", name = "event_log", primary_key = [] },
      { name = "orders", primary_key = ["order_id"] },
    ]
  }

  assert {
    condition     = { for rule in jsondecode(aws_dms_replication_task.this.table_mappings).rules : rule["rule-name"] => rule["rule-id"] if rule["rule-type"] == "selection" } == { "audit.event_log" = "100", "public.orders" = "101" }
    error_message = "Numbers follow names."
  }
}

run "no_row_is_left_out_and_no_value_cut_unless_it_is_asked_for" {
  command = plan

  assert {
    condition     = aws_dms_endpoint.source.postgres_settings[0].fail_tasks_on_lob_truncation
    error_message = "A value that is too long stops the task."
  }

  assert {
    condition     = [for policy in ["DataErrorPolicy", "DataTruncationErrorPolicy", "TableErrorPolicy"] : jsondecode(aws_dms_replication_task.this.replication_task_settings).ErrorBehavior[policy]] == ["SUSPEND_TABLE", "STOP_TASK", "SUSPEND_TABLE"]
    error_message = "A row that cannot be written suspends its table."
  }
}

run "values_may_be_cut_where_it_is_asked_for" {
  command = plan

  variables {
    errors = { truncation = "LOG_ERROR" }
  }

  assert {
    condition     = aws_dms_endpoint.source.postgres_settings[0].fail_tasks_on_lob_truncation == false
    error_message = "The task goes on."
  }
}

run "a_heartbeat_makes_another_endpoint" {
  command = plan

  variables {
    source_database = { database = "shop", secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop", heartbeat = true }
  }

  assert {
    condition     = aws_dms_endpoint.source.endpoint_id != run.no_row_is_left_out_and_no_value_cut_unless_it_is_asked_for.source_endpoint_id
    error_message = "It cannot be switched on an endpoint that is there."
  }
}

run "an_instance_that_is_there_is_shared" {
  command = plan

  variables {
    replication_instance = { arn = "arn:aws:dms:eu-west-1:111122223333:rep:SHARED" }
    subnet_ids           = []
    security_group_ids   = []
  }

  assert {
    condition     = length(aws_dms_replication_instance.this) == 0 && length(aws_dms_replication_subnet_group.this) == 0 && aws_dms_replication_task.this.replication_instance_arn == "arn:aws:dms:eu-west-1:111122223333:rep:SHARED"
    error_message = "Nothing is made beside it."
  }
}

run "the_database_is_known_by_its_certificate_where_one_is_given" {
  command = plan

  variables {
    source_database = {
      database        = "shop"
      secret_arn      = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop"
      ssl_mode        = "verify-full"
      certificate_arn = "arn:aws:dms:eu-west-1:111122223333:cert:RDS"
    }
  }

  assert {
    condition     = aws_dms_endpoint.source.certificate_arn == "arn:aws:dms:eu-west-1:111122223333:cert:RDS" && aws_dms_endpoint.source.ssl_mode == "verify-full"
    error_message = "The endpoint checks who answers."
  }
}

run "roles_are_as_the_organisation_asks" {
  command = plan

  variables {
    iam = { path = "/cdc/", permissions_boundary = "arn:aws:iam::111122223333:policy/boundary" }
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.source, aws_iam_role.target] : role.path == "/cdc/" && role.permissions_boundary == "arn:aws:iam::111122223333:policy/boundary"])
    error_message = "A boundary that only some roles have lets the others be refused."
  }
}
