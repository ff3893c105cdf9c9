"""Debriefs as they are shown."""
