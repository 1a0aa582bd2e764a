variable "name" {
  description = "Name of everything that this root makes."
  type        = string
  default     = "ledger"
  nullable    = false
}

variable "dms_vpc_role_arn" {
  description = "ARN of the account's dms-vpc-role where it exists already; null to make it here."
  type        = string
  default     = null
}
