variable "name" {
  description = "Name of the pipeline; its resources begin with it."
  type        = string
  default     = "orders"
  nullable    = false
}

variable "repository" {
  description = "Repository that applies it, as owner/name."
  type        = string
}

variable "environment" {
  description = "Environment of that repository, whose approvals then hold for an apply."
  type        = string
  default     = "prod"
  nullable    = false
}

variable "state_bucket" {
  description = "Bucket of Terraform's states."
  type        = string
}

variable "kms_key_arn" {
  description = "The key that the pipeline is given (kms)."
  type        = string
}
