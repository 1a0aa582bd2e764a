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
  name               = "shop"
  raw_bucket         = { name = "shop-raw", arn = "arn:aws:s3:::shop-raw" }
  kms_key_arn        = "arn:aws:kms:eu-west-1:111122223333:key/1"
  dms_vpc_role_arn   = "arn:aws:iam::111122223333:role/dms-vpc-role"
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
    condition     = [for rule in jsondecode(aws_dms_replication_task.this.table_mappings).rules : "${rule["object-locator"]["schema-name"]}.${rule["object-locator"]["table-name"]}" if rule["rule-type"] == "selection"] == ["public.orders", "audit.event_log"]
    error_message = "The selections are the tables, in order."
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
