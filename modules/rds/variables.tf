variable "name" {
  description = "Identifier of the instance, and prefix of its groups and secrets. Changing it replaces the database."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "name must be 3 to 42 characters: lower-case letters, digits and single hyphens, a letter first, no hyphen last."
  }
}

variable "database" {
  description = "Name of the database that the instance is created with."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database))
    error_message = "database must be at most 63 lower-case letters, digits and underscores, a letter first, as RDS wants it."
  }
}

variable "engine_version" {
  description = "PostgreSQL version, e.g. \"16\" (minor upgrades then make no diff) or \"16.4\"."
  type        = string
  default     = "16"
  nullable    = false

  validation {
    condition     = can(regex("^1[3-9](\\.[0-9]+)?$", var.engine_version))
    error_message = "engine_version must be a PostgreSQL version from 13 on, such as \"16\" or \"16.4\"."
  }
}

variable "instance_class" {
  description = "Instance class, e.g. db.t4g.medium."
  type        = string
  default     = "db.t4g.medium"
  nullable    = false

  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "instance_class must begin with \"db.\", such as db.t4g.medium."
  }
}

variable "administrator" {
  description = "Name of the administrator. DMS connects as this user."
  type        = string
  default     = "cdc_admin"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,15}$", var.administrator)) && !can(regex("^(pg_|rds)", var.administrator)) && !contains(["admin", "user"], var.administrator)
    error_message = "administrator must be 1 to 16 lower-case letters, digits and underscores, a letter first, and none of RDS's own: not admin, user, pg_… or rds…."
  }
}

variable "password_version" {
  description = "Raise it to generate a new password and write it to the database and both secrets."
  type        = number
  default     = 1
  nullable    = false
}

variable "allocated_storage" {
  description = "Storage in GiB."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.allocated_storage >= 20
    error_message = "allocated_storage must be at least 20 GiB (gp3)."
  }
}

variable "max_allocated_storage" {
  description = "Upper limit in GiB up to which RDS grows the storage by itself; null is twice allocated_storage, and at least 100. 0 lets it not grow. A stopped task keeps the write-ahead log, so leave room."
  type        = number
  default     = null

  validation {
    condition     = var.max_allocated_storage == null ? true : var.max_allocated_storage == 0 || var.max_allocated_storage >= ceil(var.allocated_storage * 1.1)
    error_message = "max_allocated_storage must be at least a tenth more than allocated_storage (${ceil(var.allocated_storage * 1.1)}), 0, or null."
  }
}

variable "kms_key_arn" {
  description = "Key of the storage; null is the account's aws/rds key."
  type        = string
  default     = null
}

variable "subnet_ids" {
  description = "Subnets in at least two zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must name at least two subnets, in two zones."
  }
}

variable "security_group_ids" {
  description = "Security groups of the instance."
  type        = list(string)
}

variable "allow_major_version_upgrade" {
  description = "Whether a change of engine_version may be one of the major version. Such an upgrade needs the task and its slot gone first."
  type        = bool
  default     = false
  nullable    = false
}

variable "performance_insights" {
  description = "Whether Performance Insights is on. The smallest classes do not have it."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_exports" {
  description = "Logs that RDS sends to CloudWatch: postgresql, upgrade."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.log_exports, ["postgresql", "upgrade"])) == 0
    error_message = "log_exports must be of postgresql and upgrade."
  }
}

variable "multi_az" {
  description = "Whether a standby runs in another zone."
  type        = bool
  default     = false
  nullable    = false
}

variable "backup_retention_days" {
  description = "Days that automatic backups are kept; 0 makes none."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_retention_days >= 0 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "backup_retention_days must be a whole number from 0 to 35."
  }
}

variable "parameters" {
  description = "Further parameters of the group: name → value and apply_method (immediate, or pending-reboot for static ones)."
  type = map(object({
    value        = string
    apply_method = optional(string, "immediate")
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for parameter in var.parameters : contains(["immediate", "pending-reboot"], parameter.apply_method)])
    error_message = "apply_method of a parameter must be immediate or pending-reboot."
  }

  validation {
    condition     = length(setintersection(keys(var.parameters), ["rds.logical_replication", "wal_sender_timeout"])) == 0
    error_message = "rds.logical_replication and wal_sender_timeout are what change data capture needs; this module sets them."
  }
}

variable "ephemeral_environment" {
  description = "True for an environment that is thrown away: no deletion protection, no final snapshot, secrets deleted at once, changes applied at once."
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
