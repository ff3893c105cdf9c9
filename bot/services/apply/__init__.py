"""Applying on a job's own page: the form, what it sends, its files, and who reads them."""
