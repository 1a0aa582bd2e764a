################################################################################
# A region's name in a few letters, for names that must differ from region to region
################################################################################

data "aws_region" "current" {}

locals {
  name = var.name == null ? data.aws_region.current.name : var.name

  # As AWS itself shortens them in the ids of its zones: us-east-1 is use1, ap-southeast-2 is apse2.
  # https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
  words = { north = "n", south = "s", east = "e", west = "w", central = "c", northeast = "ne", northwest = "nw", southeast = "se", southwest = "sw" }
  code  = join("", [for word in split("-", local.name) : lookup(local.words, word, word)])
}
