variable "orders_secret_arn" {
  description = "ARN of the secret of the database orders: host, port, username, password."
  type        = string
}

variable "stock_secret_arn" {
  description = "ARN of the secret of the database stock: host, port, username, password."
  type        = string
}

variable "network" {
  description = "Subnets and security groups of the replication instance; they reach both databases."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
}
