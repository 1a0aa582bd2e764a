################################################################################
# The file contract: what the job reads is fixed here and nowhere else
################################################################################

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  # docs/architecture.md, "Contract of the raw bucket"; the job's configuration is made from the same object.
  contract = {
    op_column        = "Op"
    timestamp_column = "dms_commit_ts"
    sequence_column  = "dms_seq"
    position_column  = "dms_position"
    before_prefix    = "dms_before_"
  }

  # In one order, however the list is: to order it otherwise is no change, and does not stop the task.
  selected = { for table in var.tables : "${table.schema}.${table.name}" => table }

  table_mappings = {
    rules = concat(
      [for index, name in keys(local.selected) : {
        rule-type      = "selection"
        rule-id        = tostring(100 + index)
        rule-name      = name
        rule-action    = "explicit"
        object-locator = { schema-name = local.selected[name].schema, table-name = local.selected[name].name }
        filters        = []
      }],
      [for index, column in [
        { name = local.contract.sequence_column, header = "$AR_H_CHANGE_SEQ" },
        { name = local.contract.position_column, header = "$AR_H_STREAM_POSITION" },
        ] : {
        rule-type      = "transformation"
        rule-id        = tostring(10 + index)
        rule-name      = column.name
        rule-action    = "add-column"
        rule-target    = "column"
        object-locator = { schema-name = "%", table-name = "%" }
        value          = column.name
        expression     = column.header
        data-type      = { type = "string", length = 50 }
      }],
      # A key update is one U with the new key; without the old one the old row would live for ever.
      [{
        rule-type        = "transformation"
        rule-id          = "20"
        rule-name        = "before-image"
        rule-action      = "add-before-image-columns"
        rule-target      = "column"
        object-locator   = { schema-name = "%", table-name = "%" }
        before-image-def = { column-prefix = local.contract.before_prefix, column-suffix = "", column-filter = "pk-only" }
      }],
    )
  }

  instance_arn = var.replication_instance == null ? aws_dms_replication_instance.this[0].replication_instance_arn : var.replication_instance.arn

  task_settings = {
    TargetMetadata = {
      SupportLobs        = true
      FullLobMode        = false
      LimitedSizeLobMode = true
      LobMaxSize         = var.lob_max_size_kb
    }
    FullLoadSettings = {
      # Raw is append-only: nothing that lies there is deleted or truncated by a load.
      TargetTablePrepMode = "DO_NOTHING"
      MaxFullLoadSubTasks = var.max_full_load_subtasks
    }
    ChangeProcessingDdlHandlingPolicy = {
      HandleSourceTableDropped   = false
      HandleSourceTableTruncated = false
      HandleSourceTableAltered   = true
    }
    Logging = { EnableLogging = true }
    # AWS's defaults log a row that cannot be written and go on without it.
    # https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.ErrorHandling.html
    ErrorBehavior = {
      DataErrorPolicy            = var.errors.data
      DataTruncationErrorPolicy  = var.errors.truncation
      DataErrorEscalationPolicy  = "SUSPEND_TABLE"
      TableErrorPolicy           = var.errors.table
      TableErrorEscalationPolicy = "STOP_TASK"
      FailOnNoTablesCaptured     = true
    }
  }
}
