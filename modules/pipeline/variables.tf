variable "name" {
  description = "Name of the pipeline; every resource's name begins with it. Changing it replaces the pipeline."
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
  description = "Name of the Glue database of the final tables. Another one begins anew: with empty tables, filled from the raw files that are still there; reload the tables where those are gone."
  type        = string
}

variable "source_database" {
  description = "The source: database, secret_arn (host, port, username, password), secret_kms_key_arn, ssl_mode, certificate_arn, heartbeat. See modules/dms."
  type = object({
    database           = string
    secret_arn         = string
    secret_kms_key_arn = optional(string)
    ssl_mode           = optional(string, "require")
    certificate_arn    = optional(string)
    heartbeat          = optional(bool, false)
  })
}

variable "network" {
  description = "Where the replication instance runs: subnets in two zones, and security groups that reach the database and AWS. Needless with replication.instance."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default  = { subnet_ids = [], security_group_ids = [] }
  nullable = false
}

variable "account" {
  description = "The roles that DMS looks for in the account, as modules/account gives them out: account = module.account."
  type = object({
    dms_vpc_role_arn  = string
    dms_logs_role_arn = string
  })
}

variable "artifacts" {
  description = "Paths of what `make package` built: the function's zip and its architecture, the job's script and package. What is null is looked for where the module itself lies: in dist/ and glue/ of the checkout or of the archive that it comes from."
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
  description = "The replication instance, or one that is there already (instance = { arn }), what the task does with errors and how it batches changes. See modules/dms."
  type = object({
    instance          = optional(object({ arn = string }))
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

variable "kms" {
  description = "The key of buckets and instance storage, as { key_arn }; null creates one."
  type        = object({ key_arn = string })
  default     = null
}

variable "account_id" {
  description = "Id of the account; null asks AWS. Give it where the module depends on something that is not applied yet (depends_on): an unknown id would replace the buckets."
  type        = string
  default     = null
}

variable "raw_retention_days" {
  description = "Days after which raw files are deleted; null keeps them."
  type        = number
  default     = null
}

variable "doorbell_concurrency" {
  description = "Executions of the doorbell at one time; null reserves none. See modules/lambda."
  type        = number
  default     = null
}

variable "doorbell" {
  description = "How the doorbell is rung and what it logs. See modules/lambda."
  type = object({
    object_events    = optional(string, "notification")
    schedule_minutes = optional(number, 5)
    log_keys         = optional(bool, false)
  })
  default  = {}
  nullable = false
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
