"""Panels and their interviews in the database."""
