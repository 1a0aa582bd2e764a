output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "subnet_ids" {
  description = "Ids of the private subnets, one a zone."
  value       = [for subnet in aws_subnet.private : subnet.id]
}

output "database_security_group_id" {
  description = "Id of the security group for the source database."
  value       = aws_security_group.database.id
}

output "replication_security_group_id" {
  description = "Id of the security group for the replication instance."
  value       = aws_security_group.replication.id
}

output "endpoints_security_group_id" {
  description = "Id of the security group of the interface endpoints: admit in it what else shall use them."
  value       = aws_security_group.endpoints.id
}

output "route_table_id" {
  description = "Id of the route table of the private subnets."
  value       = aws_route_table.private.id
}
