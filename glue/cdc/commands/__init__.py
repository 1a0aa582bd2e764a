"""What operators do by hand with the job's own means."""
