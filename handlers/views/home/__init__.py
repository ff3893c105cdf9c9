"""Home, and what people choose there, as they see it."""
