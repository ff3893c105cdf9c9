"""Use cases of debriefs."""
