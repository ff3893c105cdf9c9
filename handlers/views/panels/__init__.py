"""Panels as people see them."""
