"""The jobs pages and feeds: read from the database, rendered once, kept until something changes."""
