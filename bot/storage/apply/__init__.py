"""What people applied with, in the database."""
