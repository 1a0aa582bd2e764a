variable "name" {
  description = "Name of the job, its role and the Athena work group."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name must be 2 to 41 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "database" {
  description = "Name of the Glue database. Another one begins anew, from the raw files that are still there; the old tables' files stay."
  type        = string

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.database))
    error_message = "database must be lower-case letters, digits and underscores: Athena knows no others."
  }
}

variable "tables" {
  description = <<-EOT
    The tables and their rules, for the job.
    primary_key: its columns in order; empty for a table without one, of which only the change log exists.
    filter: rows for which this Spark SQL condition over the source's columns is true are kept.
    replica_identity: full has the source send every value of an update; default leaves out long values that did not change.
    columns: rules for single columns, in this order: trim, null_if, cast (a Spark type), default, mask (sha256, salted;
    redact; last4; drop), rename.
    derived: further columns, name → Spark SQL expression over what the rules of the columns leave.
    lookups: further columns joined from another table of the list, or from a file at s3://…: on has this table's column →
    the column there, columns has the new name → the column there.
    expectations: name → a Spark SQL condition that rows must fulfil, and what becomes of rows that do not: reject, count or stop.
    on_incompatible: values of a type that their column cannot become get a new_column, or reject the row, or stop the table.
    on_unchanged_lob: a NULL in an update of a long column leaves what is there (keep), or is a NULL (null).
    on_truncated_lob: rows with a value as long as the LOB limit are kept (keep) or rejected (reject).
  EOT
  type = list(object({
    schema           = optional(string, "public")
    name             = string
    primary_key      = list(string)
    filter           = optional(string)
    replica_identity = optional(string, "default")
    columns = optional(map(object({
      rename  = optional(string)
      cast    = optional(string)
      trim    = optional(bool)
      null_if = optional(string)
      default = optional(string)
      mask    = optional(string)
    })), {})
    derived = optional(map(string), {})
    lookups = optional(list(object({
      from    = string
      on      = map(string)
      columns = map(string)
    })), [])
    expectations     = optional(map(object({ must = string, on_broken = optional(string, "reject") })), {})
    on_incompatible  = optional(string, "new_column")
    on_unchanged_lob = optional(string, "keep")
    on_truncated_lob = optional(string, "keep")
  }))

  validation {
    condition = alltrue(flatten([for table in var.tables : [
      for rule in table.columns : rule.mask == null ? true : contains(["sha256", "redact", "last4", "drop"], rule.mask)
    ]]))
    error_message = "A column's mask must be sha256, redact, last4 or drop."
  }

  validation {
    condition = alltrue(flatten([for table in var.tables : [
      for name in concat(keys(table.derived), flatten([for lookup in table.lookups : keys(lookup.columns)]), [for rule in table.columns : coalesce(rule.rename, "x")]) :
      !contains(["_op", "_seq", "_position", "_commit_ts", "_raw_file", "_row", "_batch", "_unsent"], lower(name))
    ]]))
    error_message = "A derived, looked-up or renamed column has one of the names that the pipeline itself uses: _op, _seq, _position, _commit_ts, _raw_file, _row, _batch, _unsent."
  }

  validation {
    condition     = alltrue([for table in var.tables : contains(["default", "full"], table.replica_identity)])
    error_message = "A table's replica_identity must be default or full."
  }

  validation {
    condition     = alltrue([for table in var.tables : contains(["new_column", "reject", "stop"], table.on_incompatible)])
    error_message = "A table's on_incompatible must be new_column, reject or stop."
  }

  validation {
    condition     = alltrue([for table in var.tables : contains(["keep", "null"], table.on_unchanged_lob)])
    error_message = "A table's on_unchanged_lob must be keep or null."
  }

  validation {
    condition     = alltrue([for table in var.tables : contains(["keep", "reject"], table.on_truncated_lob)])
    error_message = "A table's on_truncated_lob must be keep or reject."
  }

  validation {
    condition     = alltrue(flatten([for table in var.tables : [for rule in table.expectations : contains(["reject", "count", "stop"], rule.on_broken)]]))
    error_message = "An expectation's on_broken must be reject, count or stop."
  }

  validation {
    condition = alltrue(flatten([for table in var.tables : [
      for name in table.primary_key : !contains(["redact", "last4", "drop"], try(coalesce(table.columns[name].mask, "none"), "none"))
    ]]))
    error_message = "A column of a primary key is masked by redact, last4 or drop, which make different keys equal: mask it by sha256."
  }

  validation {
    condition     = alltrue([for table in var.tables : length(distinct(table.primary_key)) == length(table.primary_key) && alltrue([for column in table.primary_key : trimspace(column) != ""])])
    error_message = "A primary_key names a column twice, or has an empty name: ${join(", ", [for table in var.tables : "${table.schema}.${table.name}" if length(distinct(table.primary_key)) != length(table.primary_key) || anytrue([for column in table.primary_key : trimspace(column) == ""])])}."
  }

  validation {
    condition     = alltrue([for table in var.tables : table.filter == null ? true : trimspace(table.filter) != ""])
    error_message = "A filter is empty: leave it out to keep every row. Tables: ${join(", ", [for table in var.tables : "${table.schema}.${table.name}" if table.filter == null ? false : trimspace(table.filter) == ""])}."
  }

  validation {
    condition = alltrue(flatten([for table in var.tables : [
      for name in concat(keys(table.derived), flatten([for lookup in table.lookups : keys(lookup.columns)]), [for rule in table.columns : coalesce(rule.rename, "x")]) :
      can(regex("^[a-z_][a-z0-9_]*$", name))
    ]]))
    error_message = "A derived, looked-up or renamed column must be lower-case letters, digits and underscores, as Athena has them."
  }

  validation {
    condition     = alltrue([for table in var.tables : !startswith(table.schema, "pg_") && table.schema != "information_schema"])
    error_message = "A table of pg_… or information_schema is the database's own: DMS does not replicate it."
  }

  validation {
    condition     = alltrue([for table in var.tables : !contains(["cdc_files", "cdc_rejects"], lower("${table.schema}_${table.name}"))])
    error_message = "A table would be cdc_files or cdc_rejects in the catalog, which are the pipeline's own: replicate it under another schema."
  }

  validation {
    condition = alltrue(flatten([for table in var.tables : [
      for lookup in table.lookups : startswith(lookup.from, "s3://") || contains([for other in var.tables : "${other.schema}.${other.name}"], lookup.from)
    ]]))
    error_message = "A lookup is from a table that is not in the list (write schema.name, or s3://… of a file)."
  }
}

variable "contract" {
  description = "Names of the columns that DMS adds (output of modules/dms)."
  type = object({
    op_column        = string
    timestamp_column = string
    sequence_column  = string
    position_column  = string
    before_prefix    = string
    lob_max_size_kb  = optional(number)
  })
}

variable "mask_salt_secret_arn" {
  description = "ARN of the secret whose value salts sha256 masks; null when no column is masked so."
  type        = string
  default     = null
}

variable "raw_bucket" {
  description = "The bucket that DMS writes to."
  type        = object({ name = string, arn = string })
}

variable "raw_folder" {
  description = "Folder of DMS's files in the raw bucket."
  type        = string
  default     = "raw"
  nullable    = false
}

variable "raw_retention_days" {
  description = "Days after which the raw bucket deletes its files; null when it keeps them. The job warns when a batch is open for half of them."
  type        = number
  default     = null
}

variable "final_bucket" {
  description = "The bucket of tables and state."
  type        = object({ name = string, arn = string })
}

variable "artifacts_bucket" {
  description = "The bucket of code and configuration."
  type        = object({ name = string, arn = string })
}

variable "kms_key_arn" {
  description = "Key that encrypts the buckets."
  type        = string
}

variable "script_path" {
  description = "Path of the job's script."
  type        = string

  validation {
    condition     = try(fileexists(var.script_path), false)
    error_message = "script_path names a file that is not there: ${var.script_path}."
  }
}

variable "package_path" {
  description = "Path of the zip with the package cdc, built before Terraform runs (`make package`)."
  type        = string

  validation {
    condition     = try(fileexists(var.package_path), false)
    error_message = "package_path names a file that is not there: ${var.package_path}. Build it first (make package), or take the modules from an archive that has it."
  }
}

variable "workers" {
  description = "Type and number of workers; the job scales out by them."
  type = object({
    type  = optional(string, "G.1X")
    count = optional(number, 2)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["G.1X", "G.2X", "G.4X", "G.8X"], var.workers.type) && var.workers.count >= 2 && var.workers.count <= 299 && floor(var.workers.count) == var.workers.count
    error_message = "workers must be of type G.1X, G.2X, G.4X or G.8X, and 2 to 299 of them."
  }
}

variable "glue_version" {
  description = "Version of Glue: 5.1, or 5.0 where a region or a freeze asks for it. Other versions have another Spark than the job is tested with."
  type        = string
  default     = "5.1"
  nullable    = false

  validation {
    condition     = contains(["5.0", "5.1"], var.glue_version)
    error_message = "glue_version must be 5.0 or 5.1."
  }
}

variable "timeout_minutes" {
  description = "Minutes after which a run is ended. A hung run holds the only place, so keep it short."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.timeout_minutes >= 5 && var.timeout_minutes <= 2880 && floor(var.timeout_minutes) == var.timeout_minutes
    error_message = "timeout_minutes must be a whole number from 5 to 2880."
  }
}

variable "time_budget_seconds" {
  description = "Seconds after which a run begins no further batch."
  type        = number
  default     = 1500
  nullable    = false

  validation {
    condition     = var.time_budget_seconds >= 0 && var.time_budget_seconds < var.timeout_minutes * 60
    error_message = "time_budget_seconds must be shorter than timeout_minutes, so that a run ends by itself."
  }
}

variable "ephemeral_environment" {
  description = "True lets a destroy delete a work group that has queries."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_retention_days" {
  description = "Days that the logs of runs are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a number of days that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or more of years."
  }
}

variable "iam" {
  description = "What the organisation asks of every role: its path, and the ARN of the policy that bounds it; null for none."
  type = object({
    path                 = optional(string, "/")
    permissions_boundary = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^/([A-Za-z0-9._+=,@-]+/)*$", var.iam.path))
    error_message = "iam.path must begin and end with a slash, such as /cdc/."
  }

  validation {
    condition     = var.iam.permissions_boundary == null ? true : can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/", var.iam.permissions_boundary))
    error_message = "iam.permissions_boundary must be the ARN of a policy, arn:aws:iam::<account>:policy/<name>."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
