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

variable "zones" {
  description = "Names of the zones, in the order of their ranges; null takes the first zone_count of the region. Name them in production: a zone that is not available on a day would move the subnets to others."
  type        = list(string)
  default     = null

  validation {
    condition     = var.zones == null ? true : length(distinct(var.zones)) == length(var.zones) && length(var.zones) >= 2 && length(var.zones) <= 16
    error_message = "zones must be 2 to 16 different zones: subnet groups of RDS and DMS span at least two."
  }
}

variable "database_clients" {
  description = "Who reaches the database beside DMS: a word for it → id of its security group. Without any, no application, migration or make start does."
  type        = map(string)
  default     = {}
  nullable    = false
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
