"""Scorecards: what one interviewer found, and what becomes of it."""
