"""Computes the weights by which remarks are heard (`python -m tests.wording`), and scores them."""
