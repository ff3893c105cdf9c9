"""Debriefs: the scorecards of a panel read together, and what follows from them."""
