"""From the configuration document to the model."""
