variable "name" {
  description = "Name of everything in this environment."
  type        = string
  default     = "shop"
  nullable    = false
}

variable "region" {
  description = "Region of this environment."
  type        = string
  default     = "us-east-1"
  nullable    = false
}

variable "artifacts" {
  description = "What `make package` built. Paths are relative to this folder."
  type = object({
    doorbell_zip = optional(string, "../../dist/doorbell.zip")
    job_script   = optional(string, "../../glue/job.py")
    job_package  = optional(string, "../../dist/cdc.zip")
  })
  default  = {}
  nullable = false
}
