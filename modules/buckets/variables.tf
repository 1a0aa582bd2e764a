variable "name" {
  description = "Prefix of the bucket names; the bucket's purpose and the account id follow it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 40 lower-case letters, digits and hyphens: with purpose and account id a bucket name has at most 63."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts all three buckets; null creates one."
  type        = string
  default     = null
}

variable "raw_folder" {
  description = "Folder of the raw files in the raw bucket, without slashes at its ends; its files are what the retention deletes."
  type        = string
  default     = "raw"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$", var.raw_folder))
    error_message = "raw_folder must be letters, digits, hyphens and underscores, with slashes only between them."
  }
}

variable "raw_retention_days" {
  description = "Days after which raw files are deleted; null keeps them. A replay reads raw again, so keep them at least as long as one may be needed."
  type        = number
  default     = null

  validation {
    condition     = var.raw_retention_days == null ? true : var.raw_retention_days >= 7
    error_message = "raw_retention_days must be at least 7, or null to keep raw files."
  }
}

variable "ephemeral_environment" {
  description = "True lets a destroy delete buckets that hold objects."
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
