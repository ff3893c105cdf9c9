"""Pure functions from what a service returns to Slack's blocks."""
