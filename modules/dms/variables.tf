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
    the secret (null for the account's own), the TLS mode (none, require, verify-ca, verify-full), and whether DMS
    writes a heartbeat so that an idle database does not keep its log.
  EOT
  type = object({
    database           = string
    secret_arn         = string
    secret_kms_key_arn = optional(string)
    ssl_mode           = optional(string, "require")
    heartbeat          = optional(bool, false)
  })

  validation {
    condition     = contains(["none", "require", "verify-ca", "verify-full"], var.source_database.ssl_mode)
    error_message = "source_database.ssl_mode must be none, require, verify-ca or verify-full."
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

variable "dms_vpc_role_arn" {
  description = "ARN of the account's dms-vpc-role (output of modules/account). A subnet group cannot be made before it is there."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Subnets of the replication instance, in at least two zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must name at least two subnets, in two zones."
  }
}

variable "security_group_ids" {
  description = "Security groups of the replication instance; they must reach the database and AWS's endpoints."
  type        = list(string)
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

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
