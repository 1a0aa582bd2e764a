variable "name" {
  description = "Name of database and pipeline; every resource's name begins with it. Changing it replaces everything."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,28}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "name must be 3 to 30 characters: lower-case letters, digits and single hyphens, a letter first, no hyphen last."
  }
}

variable "tables" {
  description = <<-EOT
    The tables to replicate; this one list makes the DMS mappings, the S3 prefixes and the job's configuration.
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
}

variable "database" {
  description = "The source: name of the database, PostgreSQL version, class, storage in GiB, standby, backups, Performance Insights, exported logs, and whether DMS beats so that an idle database does not keep its log. See modules/rds."
  type = object({
    name                  = string
    engine_version        = optional(string, "16")
    instance_class        = optional(string, "db.t4g.medium")
    allocated_storage     = optional(number, 20)
    multi_az              = optional(bool, false)
    backup_retention_days = optional(number, 7)
    performance_insights  = optional(bool, false)
    log_exports           = optional(set(string), [])
    heartbeat             = optional(bool, true)
  })
}

variable "zones" {
  description = "Names of the availability zones; null takes the region's first two. See modules/network."
  type        = list(string)
  default     = null
}

variable "database_clients" {
  description = "Who reaches the database beside DMS: a word for it → id of its security group. See modules/network."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "create_account_roles" {
  description = "Whether DMS's two roles are made here; false where the account has them already."
  type        = bool
  default     = true
  nullable    = false
}

variable "artifacts" {
  description = "Paths of what `make package` built; null is what lies in dist/ and glue/ of this checkout. See modules/pipeline."
  type = object({
    doorbell_zip          = optional(string)
    doorbell_architecture = optional(string, "x86_64")
    job_script            = optional(string)
    job_package           = optional(string)
  })
  default  = {}
  nullable = false
}

variable "replication" {
  description = "The replication instance and how it batches changes. See modules/dms."
  type = object({
    instance_class    = optional(string, "dms.t3.medium")
    engine_version    = optional(string)
    allocated_storage = optional(number, 50)
    multi_az          = optional(bool, false)
    lob_max_size_kb   = optional(number, 1024)
    errors = optional(object({
      data       = optional(string, "SUSPEND_TABLE")
      truncation = optional(string, "STOP_TASK")
      table      = optional(string, "SUSPEND_TABLE")
    }), {})
    batch = optional(object({
      max_interval_seconds = optional(number, 60)
      min_file_size_kb     = optional(number, 32000)
    }), {})
  })
  default  = {}
  nullable = false
}

variable "job" {
  description = "Version, size and limits of the Glue job. See modules/glue."
  type = object({
    glue_version = optional(string, "5.1")
    workers = optional(object({
      type  = optional(string, "G.1X")
      count = optional(number, 2)
    }), {})
    timeout_minutes     = optional(number, 60)
    time_budget_seconds = optional(number, 1500)
  })
  default  = {}
  nullable = false
}

variable "raw_retention_days" {
  description = "Days after which raw files are deleted; null keeps them."
  type        = number
  default     = null
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30
  nullable    = false
}

variable "ephemeral_environment" {
  description = "True for an environment that is thrown away: a destroy deletes everything, data included."
  type        = bool
  default     = false
  nullable    = false
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
