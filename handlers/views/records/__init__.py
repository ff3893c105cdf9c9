"""What people see of records."""
