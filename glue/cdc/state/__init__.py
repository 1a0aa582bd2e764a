"""What is planned and what is done, a table each."""
