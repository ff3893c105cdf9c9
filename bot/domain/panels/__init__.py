"""Interview panels and what they ask."""
