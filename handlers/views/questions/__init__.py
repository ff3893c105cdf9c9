"""Interview questions as people see them."""
