"""Applies the change files of AWS DMS to Iceberg tables: a complete log, and tables that equal their source."""
