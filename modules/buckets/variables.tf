variable "name" {
  description = "Prefix of the bucket names; the bucket's purpose, the region and the account id follow it. Changing it replaces the buckets."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,28}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 30 lower-case letters, digits and hyphens: with purpose, region and account id a bucket name has at most 63."
  }
}

variable "kms" {
  description = "The key that encrypts all three buckets, as { key_arn }; null creates one, with an alias. What is there stays encrypted with the key it was written with: keep that one when you change it."
  type        = object({ key_arn = string })
  default     = null

  validation {
    condition     = var.kms == null ? true : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms.key_arn))
    error_message = "kms.key_arn must be the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>: policies do not match an alias."
  }
}

variable "account_id" {
  description = "Id of the account, for the bucket names; null asks AWS. Give it where the module depends on something that is not applied yet: an unknown id would replace the buckets."
  type        = string
  default     = null

  validation {
    condition     = var.account_id == null ? true : can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be twelve digits."
  }
}

variable "region" {
  description = "Name of the region, for the bucket names; null asks AWS."
  type        = string
  default     = null
}

variable "bucket_policies" {
  description = "Further statements of a bucket's policy: raw, final or artifacts → a policy document as JSON, whose resources are the bucket's. The module's own statements are added to them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.bucket_policies), ["raw", "final", "artifacts"])) == 0
    error_message = "bucket_policies has a key that is none of raw, final and artifacts."
  }
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
    condition     = var.raw_retention_days == null ? true : var.raw_retention_days >= 7 && floor(var.raw_retention_days) == var.raw_retention_days
    error_message = "raw_retention_days must be a whole number of at least 7, or null to keep raw files."
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
