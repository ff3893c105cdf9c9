"""What people applied with, for the team."""
