"""Debriefs in the database: what leads to a decision, the decisions, and answers to candidates."""
