"""`/scorecard` and everything pressed in a scorecard."""
