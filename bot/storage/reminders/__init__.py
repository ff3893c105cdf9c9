"""How people are reminded, in the database."""
