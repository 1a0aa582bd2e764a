locals {
  # The one list of tables: DMS mappings, S3 prefixes, the job and the tests all come from it.
  tables = [
    {
      schema      = "public"
      name        = "customers"
      primary_key = ["customer_id"]
      columns     = { email = { mask = "sha256" } }
      derived     = { display_name = "concat_ws(' ', first_name, last_name)" }
    },
    {
      schema      = "public"
      name        = "products"
      primary_key = ["product_id"]
      filter      = "discontinued IS NOT TRUE"
    },
    {
      schema      = "public"
      name        = "orders"
      primary_key = ["order_id"]
      # Its notes may be long, and a NULL among them is one.
      replica_identity = "full"
    },
    {
      schema      = "public"
      name        = "order_items"
      primary_key = ["order_id", "line_number"]
    },
    {
      # No primary key: its change log of inserts is all there is.
      schema      = "public"
      name        = "event_log"
      primary_key = []
    },
  ]
}
