output "code" {
  description = "The region in at most eight letters and digits, such as euc1."
  value       = local.code
}
