"""Pure functions from DataFrame to DataFrame over changes."""
