"""Openings: the jobs that are being hired for."""
