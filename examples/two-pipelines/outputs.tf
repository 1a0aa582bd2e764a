output "orders" {
  description = "The pipeline of orders as one record."
  value       = module.orders.pipeline
}

output "stock" {
  description = "The pipeline of stock as one record."
  value       = module.stock.pipeline
}
