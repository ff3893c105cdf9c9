"""Interview panels: setting up, changing, reminding of interviews."""
