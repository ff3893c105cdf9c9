"""Scorecards, drafts and what closed them, in the database."""
