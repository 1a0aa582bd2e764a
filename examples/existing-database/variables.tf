variable "name" {
  description = "Name of the pipeline."
  type        = string
  default     = "orders"
  nullable    = false
}

variable "vpc_id" {
  description = "The VPC that reaches the database."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets for the replication instance, in two zones, with a way to S3 and Secrets Manager."
  type        = list(string)
}

variable "database_security_group_id" {
  description = "Security group of the database."
  type        = string
}

variable "database_port" {
  description = "TCP port of the database."
  type        = number
  default     = 5432
  nullable    = false
}

variable "source_database" {
  description = "Name of the database."
  type        = string
}

variable "connection_secret_arn" {
  description = "ARN of the secret with host, port, username and password of the replication user."
  type        = string
}

variable "kms_key_arn" {
  description = "Key of buckets and instance storage; null makes one."
  type        = string
  default     = null
}
