"""`panelist export` and `panelist import`."""
