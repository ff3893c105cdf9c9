"""What goes out, comes back and goes for good, in the database."""
