variable "name" {
  description = "Name of everything that this root makes."
  type        = string
  default     = "ledger"
  nullable    = false
}

variable "account_roles_exist" {
  description = "True where the account has DMS's two roles already; false to make them here."
  type        = bool
  default     = false
  nullable    = false
}
