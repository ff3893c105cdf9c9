"""The listeners of debriefs and of what is decided in them."""
