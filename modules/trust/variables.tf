variable "services" {
  description = "Service principals that may assume the role, such as glue.amazonaws.com."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.services) > 0 && alltrue([for service in var.services : can(regex("^[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?$", service))])
    error_message = "services must be service principals such as glue.amazonaws.com, at least one."
  }
}

variable "account_id" {
  description = "The account for whose work alone they may; null for services that are not known to tell it when they assume a role, which would lock them out."
  type        = string

  validation {
    condition     = var.account_id == null ? true : can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must have twelve digits, or be null."
  }
}

variable "source_arns" {
  description = "Patterns of ARNs of the resources for which they may; empty where the service does not tell them."
  type        = list(string)
  default     = []
  nullable    = false
}
