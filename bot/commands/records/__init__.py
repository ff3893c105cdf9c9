"""What whoever runs Panelist does with records from the command line."""
