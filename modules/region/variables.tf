variable "name" {
  description = "Name of the region, such as eu-central-1; null is the provider's."
  type        = string
  default     = null

  validation {
    condition     = var.name == null ? true : can(regex("^[a-z]+(-[a-z]+)+-[0-9]+$", var.name))
    error_message = "name must be a region such as eu-central-1."
  }
}
