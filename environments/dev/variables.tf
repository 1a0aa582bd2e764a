variable "name" {
  description = "Name of everything in this environment."
  type        = string
  default     = "shop-dev"
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
