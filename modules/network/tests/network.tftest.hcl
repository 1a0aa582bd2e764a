# The real provider, without an account: policies are rendered as they will be, and nothing is called.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}


override_data {
  target = data.aws_availability_zones.available
  values = { names = ["eu-west-1a", "eu-west-1b", "eu-west-1c"] }
}

variables {
  name = "shop"
}

run "each_zone_gets_a_range_of_its_own" {
  command = plan

  assert {
    condition     = length(aws_subnet.private) == 2 && length(distinct([for subnet in aws_subnet.private : subnet.cidr_block])) == 2
    error_message = "Two zones, two ranges."
  }
}

run "the_database_is_reached_on_its_port_only" {
  command = plan

  variables {
    database_port = 5544
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database_from_replication.from_port == 5544 && aws_vpc_security_group_ingress_rule.database_from_replication.to_port == 5544
    error_message = "The rule must name the database's port."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database_from_replication.cidr_ipv4 == null
    error_message = "Replication is named by its group, not by a range."
  }
}

run "zones_that_are_named_are_taken_in_their_order" {
  command = plan

  variables {
    zones = ["eu-west-1c", "eu-west-1a", "eu-west-1b"]
  }

  assert {
    condition     = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == { "eu-west-1c" = "10.20.0.0/20", "eu-west-1a" = "10.20.16.0/20", "eu-west-1b" = "10.20.32.0/20" }
    error_message = "A zone that is added at the end moves no other."
  }
}

run "clients_that_are_named_reach_the_database" {
  command = plan

  variables {
    database_clients = { shop = "sg-app" }
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database_from_clients["shop"].referenced_security_group_id == "sg-app" && aws_vpc_security_group_ingress_rule.database_from_clients["shop"].from_port == 5432
    error_message = "By its group, on the database's port."
  }
}
