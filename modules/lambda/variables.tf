variable "name" {
  description = "Prefix of the function's name, role and log group."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name must be 2 to 41 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "zip_path" {
  description = "Path of the function's deployment package, built before Terraform runs (`make package`)."
  type        = string

  validation {
    condition     = try(fileexists(var.zip_path), false)
    error_message = "zip_path names a file that is not there: ${var.zip_path}. Build it first (make package), or take the modules from an archive that has it."
  }
}

variable "architecture" {
  description = "Machine that the package was built for: x86_64 or arm64."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64."
  }
}

variable "job_name" {
  description = "Name of the Glue job to start."
  type        = string
}

variable "raw_bucket" {
  description = "The bucket whose new objects ring."
  type        = object({ name = string, arn = string })
}

variable "prefixes" {
  description = "Key prefixes that ring, one a table folder or one for all. S3 refuses prefixes that contain one another."
  type        = list(string)

  validation {
    condition     = length(var.prefixes) > 0 && alltrue([for prefix in var.prefixes : endswith(prefix, "/")])
    error_message = "prefixes must name at least one folder, each ending with a slash."
  }

  validation {
    condition     = alltrue([for first in var.prefixes : length([for second in var.prefixes : second if startswith(second, first)]) == 1])
    error_message = "prefixes must not contain one another: S3 refuses overlapping notifications."
  }
}

variable "suffix" {
  description = "Key suffix that rings, such as .parquet."
  type        = string
  default     = ".parquet"
  nullable    = false
}

variable "reserved_concurrency" {
  description = "Executions of the function at one time, taken from the account's. Each looks at the job's runs before it starts one, so few of them keep a burst of objects at few runs. null reserves nothing: for accounts whose limit is so low that Lambda refuses a reservation, as it is for new ones."
  type        = number
  default     = null

  validation {
    condition     = var.reserved_concurrency == null || try(var.reserved_concurrency >= 1 && floor(var.reserved_concurrency) == var.reserved_concurrency, false)
    error_message = "reserved_concurrency must be a whole number of at least 1, or null: 0 would stop the function."
  }
}

variable "object_events" {
  description = "How objects ring: notification (the bucket's notification invokes the function; this module owns it), eventbridge (this module turns EventBridge on for the bucket), or eventbridge-existing (somebody else owns the bucket's notification and has turned EventBridge on)."
  type        = string
  default     = "notification"
  nullable    = false

  validation {
    condition     = contains(["notification", "eventbridge", "eventbridge-existing"], var.object_events)
    error_message = "object_events must be notification, eventbridge or eventbridge-existing."
  }
}

variable "schedule_minutes" {
  description = "Minutes from one ring of the schedule to the next: the longest that a change waits whose event was lost, beside one run. There is no value that turns it off."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.schedule_minutes >= 1 && var.schedule_minutes <= 60 && floor(var.schedule_minutes) == var.schedule_minutes
    error_message = "schedule_minutes must be a whole number from 1 to 60."
  }
}

variable "log_keys" {
  description = "Whether the function's log names object keys."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_retention_days" {
  description = "Days that the function's log is kept."
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
