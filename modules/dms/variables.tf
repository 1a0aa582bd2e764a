variable "name" {
  description = "Name of instance, endpoints and task. Changing it replaces them, and a new task begins with a full load."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,40}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "name must be 2 to 42 characters: lower-case letters, digits and single hyphens, a letter first, no hyphen last."
  }
}

variable "tables" {
  description = "The tables to replicate. Adding one to a task that has run makes it load that table only by a reload."
  type = list(object({
    schema      = optional(string, "public")
    name        = string
    primary_key = list(string)
  }))

  validation {
    condition     = alltrue([for table in var.tables : can(regex("^[^%.\"\\s][^%.\"]*$", table.name)) && can(regex("^[^%.\"\\s][^%.\"]*$", table.schema))])
    error_message = "A table's name or schema is empty, or has a %, a point or a quotation mark: names are exact, and the schema is an attribute of its own. Refused: ${join(", ", [for table in var.tables : "${table.schema}.${table.name}" if !can(regex("^[^%.\"\\s][^%.\"]*$", table.name)) || !can(regex("^[^%.\"\\s][^%.\"]*$", table.schema))])}."
  }

  validation {
    condition     = length(var.tables) > 0
    error_message = "tables must name at least one table."
  }

  validation {
    condition     = length(distinct([for table in var.tables : lower("${table.schema}.${table.name}")])) == length(var.tables)
    error_message = "tables names a table twice; DMS does not keep names apart that differ only in case."
  }
}

variable "source_database" {
  description = <<-EOT
    The source: name of the database, ARN of the secret with host, port, username and password, the key that encrypts
    the secret (null for the account's own), the TLS mode (none, require, verify-ca, verify-full), for verify-… the ARN of
    the DMS certificate (aws_dms_certificate) of the authority that signs the database's, and whether DMS writes a
    heartbeat so that an idle database does not keep its log.
  EOT
  type = object({
    database           = string
    secret_arn         = string
    secret_kms_key_arn = optional(string)
    ssl_mode           = optional(string, "require")
    certificate_arn    = optional(string)
    heartbeat          = optional(bool, false)
  })

  validation {
    condition     = contains(["none", "require", "verify-ca", "verify-full"], var.source_database.ssl_mode)
    error_message = "source_database.ssl_mode must be none, require, verify-ca or verify-full."
  }

  validation {
    condition     = startswith(var.source_database.ssl_mode, "verify-") == (var.source_database.certificate_arn != null)
    error_message = "source_database.ssl_mode verify-ca and verify-full need certificate_arn, the ARN of an aws_dms_certificate, and the other modes use none."
  }

  validation {
    condition     = can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+", var.source_database.secret_arn))
    error_message = "source_database.secret_arn must be the whole ARN of a secret, arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six letters>: policies do not match its name."
  }
}

variable "raw_bucket" {
  description = "The bucket that the task writes to."
  type        = object({ name = string, arn = string })
}

variable "raw_folder" {
  description = "Folder in the raw bucket, without slashes at its ends."
  type        = string
  default     = "raw"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$", var.raw_folder))
    error_message = "raw_folder must be letters, digits, hyphens and underscores, with slashes only between them."
  }
}

variable "kms_key_arn" {
  description = "Key of the raw bucket and of the instance's storage."
  type        = string
}

variable "account" {
  description = "The roles that DMS looks for in the account, as modules/account gives them out: account = module.account. A subnet group cannot be made before the first is there, and without the second there are no logs."
  type = object({
    dms_vpc_role_arn  = string
    dms_logs_role_arn = string
  })
  nullable = false
}

variable "replication_instance" {
  description = "An instance that is there already, as { arn }, which this pipeline's task shares with others; null makes one. Its subnets and security groups, class and storage are its own then."
  type        = object({ arn = string })
  default     = null

  validation {
    condition     = var.replication_instance == null ? true : can(regex("^arn:[a-z-]+:dms:[a-z0-9-]+:[0-9]{12}:rep:", var.replication_instance.arn))
    error_message = "replication_instance.arn must be the ARN of a replication instance, arn:aws:dms:<region>:<account>:rep:<id>."
  }
}

variable "subnet_ids" {
  description = "Subnets of the replication instance, in at least two zones; of no use with replication_instance."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = var.replication_instance != null || length(distinct(var.subnet_ids)) >= 2
    error_message = "subnet_ids must name at least two different subnets, in two zones."
  }
}

variable "security_group_ids" {
  description = "Security groups of the replication instance; they must reach the database and AWS's endpoints. Of no use with replication_instance."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = var.replication_instance != null || length(var.security_group_ids) > 0
    error_message = "security_group_ids must name at least one group: the VPC's default one reaches neither the database nor, as a rule, anything that it should."
  }
}

variable "instance_class" {
  description = "Class of the replication instance, e.g. dms.t3.medium."
  type        = string
  default     = "dms.t3.medium"
  nullable    = false

  validation {
    condition     = startswith(var.instance_class, "dms.")
    error_message = "instance_class must begin with \"dms.\", such as dms.t3.medium."
  }
}

variable "allocated_storage" {
  description = "Storage of the replication instance in GiB, for logs and for changes that wait."
  type        = number
  default     = 50
  nullable    = false
}

variable "engine_version" {
  description = "Version of the replication engine, such as 3.6.1; null is AWS's default. PostgreSQL 17 needs 3.6.0 or later, 18 the latest. Changing it restarts the task."
  type        = string
  default     = null

  validation {
    condition     = var.engine_version == null ? true : can(regex("^3\\.[5-9]\\.[0-9]+$", var.engine_version))
    error_message = "engine_version must be a version of DMS from 3.5 on, such as 3.6.1: an older one writes other files."
  }
}

variable "errors" {
  description = <<-EOT
    What the task does with a row that it cannot write (data: LOG_ERROR leaves the row out, SUSPEND_TABLE, STOP_TASK), with
    a value that is longer than lob_max_size_kb (truncation: STOP_TASK, or LOG_ERROR, which cuts it), and with a table that
    it cannot go on with (table: SUSPEND_TABLE, STOP_TASK). Changing truncation makes a new endpoint and a new task, which
    begins with a full load; changing the others stops the task until make start.
  EOT
  type = object({
    data       = optional(string, "SUSPEND_TABLE")
    truncation = optional(string, "STOP_TASK")
    table      = optional(string, "SUSPEND_TABLE")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["LOG_ERROR", "SUSPEND_TABLE", "STOP_TASK"], var.errors.data) && contains(["LOG_ERROR", "STOP_TASK"], var.errors.truncation)
    error_message = "errors.data must be LOG_ERROR, SUSPEND_TABLE or STOP_TASK, and errors.truncation LOG_ERROR or STOP_TASK."
  }

  validation {
    condition     = contains(["SUSPEND_TABLE", "STOP_TASK"], var.errors.table)
    error_message = "errors.table must be SUSPEND_TABLE or STOP_TASK."
  }
}

variable "multi_az" {
  description = "Whether a standby of the replication instance runs in another zone."
  type        = bool
  default     = false
  nullable    = false
}

variable "batch" {
  description = "When a file of changes is closed: seconds after its first change, or kilobytes, whichever comes first. Short intervals mean many files and many runs."
  type = object({
    max_interval_seconds = optional(number, 60)
    min_file_size_kb     = optional(number, 32000)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.batch.max_interval_seconds >= 1 && var.batch.max_interval_seconds <= 3600
    error_message = "batch.max_interval_seconds must be 1 to 3600."
  }
}

variable "lob_max_size_kb" {
  description = "Largest LOB (text, json, bytea) in KB; longer ones are cut by DMS, so set it above what the tables hold."
  type        = number
  default     = 1024
  nullable    = false

  validation {
    condition     = var.lob_max_size_kb >= 1 && var.lob_max_size_kb <= 102400
    error_message = "lob_max_size_kb must be 1 to 102400."
  }
}

variable "max_full_load_subtasks" {
  description = "Tables that are loaded at the same time, at most 49."
  type        = number
  default     = 8
  nullable    = false

  validation {
    condition     = var.max_full_load_subtasks >= 1 && var.max_full_load_subtasks <= 49
    error_message = "max_full_load_subtasks must be 1 to 49."
  }
}

variable "log_retention_days" {
  description = "Days that the task's log is kept."
  type        = number
  default     = 30
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
