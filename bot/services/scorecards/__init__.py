"""Scorecards: writing, submitting, reassigning, closing; whose they are."""
