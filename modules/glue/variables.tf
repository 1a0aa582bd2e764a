variable "name" {
  description = "Name of the job, its role and the Athena work group."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name must be 2 to 41 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "database" {
  description = "Name of the Glue database. Changing it replaces the database, not the tables' data."
  type        = string

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.database))
    error_message = "database must be lower-case letters, digits and underscores: Athena knows no others."
  }
}

variable "tables" {
  description = <<-EOT
    The tables, each with schema, name and primary key (empty: only its change log exists), a row filter and derived
    columns as Spark SQL over the source's columns (names in their exact case), and rules for single columns: mask sha256, redact or last4.
  EOT
  type = list(object({
    schema      = optional(string, "public")
    name        = string
    primary_key = list(string)
    filter      = optional(string)
    columns     = optional(map(object({ mask = optional(string) })), {})
    derived     = optional(map(string), {})
  }))

  validation {
    condition = alltrue(flatten([for table in var.tables : [
      for rule in table.columns : rule.mask == null ? true : contains(["sha256", "redact", "last4"], rule.mask)
    ]]))
    error_message = "A column's mask must be sha256, redact or last4."
  }

  validation {
    condition     = alltrue([for table in var.tables : length(setintersection(keys(table.derived), ["_op", "_seq", "_position", "_commit_ts", "_raw_file", "_row", "_batch"])) == 0])
    error_message = "A derived column has one of the names that the pipeline itself uses: _op, _seq, _position, _commit_ts, _raw_file, _row, _batch."
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
    condition     = fileexists(var.script_path)
    error_message = "script_path names a file that is not there."
  }
}

variable "package_path" {
  description = "Path of the zip with the package cdc, built before Terraform runs (`make package`)."
  type        = string

  validation {
    condition     = fileexists(var.package_path)
    error_message = "package_path names a file that is not there. Build it first: make package."
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
    condition     = contains(["G.1X", "G.2X", "G.4X", "G.8X"], var.workers.type) && var.workers.count >= 2
    error_message = "workers must be of type G.1X, G.2X, G.4X or G.8X, and at least 2."
  }
}

variable "timeout_minutes" {
  description = "Minutes after which a run is ended. A hung run holds the only place, so keep it short."
  type        = number
  default     = 60
  nullable    = false
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

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
