"""What people apply with: the form, its files, what is suspicious, and their own page."""
