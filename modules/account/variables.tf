variable "create" {
  description = "Which of the two roles to make. False for one that the account has already, as after any use of the DMS console; its ARN is given out all the same."
  type = object({
    vpc  = optional(bool, true)
    logs = optional(bool, true)
  })
  default  = {}
  nullable = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the roles; null for none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the roles."
  type        = map(string)
  default     = {}
  nullable    = false
}
