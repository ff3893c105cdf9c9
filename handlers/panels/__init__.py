"""`/panel` and everything pressed in a panel."""
