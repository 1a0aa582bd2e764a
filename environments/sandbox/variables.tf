variable "name" {
  description = "Name of everything in this environment."
  type        = string
  default     = "shop-sandbox"
  nullable    = false
}

variable "region" {
  description = "Region of this environment."
  type        = string
  default     = "us-east-1"
  nullable    = false
}

variable "account_ids" {
  description = "The accounts that this environment may be applied to; null allows any."
  type        = list(string)
  default     = null
}

variable "tables" {
  description = "The tables to replicate. See modules/pipeline."
  type        = list(object({ schema = optional(string, "public"), name = string, primary_key = list(string) }))
  default = [
    { name = "customers", primary_key = ["customer_id"] },
    { name = "products", primary_key = ["product_id"] },
    { name = "orders", primary_key = ["order_id"] },
    { name = "order_items", primary_key = ["order_id", "line_number"] },
    { name = "event_log", primary_key = [] },
  ]
  nullable = false
}

variable "expires" {
  description = "Date until which this environment is wanted, as 2030-12-31; a tag of everything in it, for whoever sweeps the account."
  type        = string
  default     = "unset"
  nullable    = false

  validation {
    condition     = var.expires == "unset" || can(formatdate("YYYY", "${var.expires}T00:00:00Z"))
    error_message = "expires must be a date such as 2030-12-31."
  }
}

variable "budget" {
  description = "What a month may cost in USD, and who is told when it will be more; without an address no budget is made."
  type        = object({ usd = optional(number, 50), emails = optional(list(string), []) })
  default     = {}
  nullable    = false
}
