################################################################################
# sandbox: the values in which this environment differs
################################################################################

locals {
  tags = { environment = "sandbox", project = var.name, expires = var.expires }
}

module "stack" {
  source = "../../modules/stack"

  name   = var.name
  tables = var.tables
  tags   = local.tags

  database              = { name = "shop", engine_version = "16", instance_class = "db.t4g.micro", backup_retention_days = 0 }
  replication           = { instance_class = "dms.t3.micro" }
  log_retention_days    = 7
  ephemeral_environment = true
}

# Who forgets a sandbox is told before the month is over.
resource "aws_budgets_budget" "this" {
  count = length(var.budget.emails) == 0 ? 0 : 1

  name         = var.name
  budget_type  = "COST"
  limit_amount = tostring(var.budget.usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    notification_type          = "FORECASTED"
    subscriber_email_addresses = var.budget.emails
  }
}
