"""The Iceberg tables."""
