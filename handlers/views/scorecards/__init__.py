"""Scorecards as people see them."""
