"""Use cases: one file a feature; each owns its transactions and decides rights from our data."""
