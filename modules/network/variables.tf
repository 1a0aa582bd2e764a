variable "name" {
  description = "Name of the network and prefix of what is in it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 characters: lower-case letters, digits and hyphens, a letter first, no hyphen last."
  }
}

variable "cidr_block" {
  description = "IPv4 range of the network, a /16 to /20; each zone gets a sixteenth of it."
  type        = string
  default     = "10.20.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrsubnet(var.cidr_block, 4, 0)) && try(tonumber(split("/", var.cidr_block)[1]) >= 16 && tonumber(split("/", var.cidr_block)[1]) <= 20, false)
    error_message = "cidr_block must be an IPv4 range between /16 and /20, such as 10.20.0.0/16."
  }
}

variable "zone_count" {
  description = "Availability zones to span. RDS and DMS subnet groups need two."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.zone_count >= 2 && var.zone_count <= 6
    error_message = "zone_count must be 2 to 6: subnet groups of RDS and DMS span at least two zones."
  }
}

variable "database_port" {
  description = "TCP port of the source database."
  type        = number
  default     = 5432
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
