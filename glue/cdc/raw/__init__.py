"""The raw bucket: which files there are, what they declare, their rows as one DataFrame."""
