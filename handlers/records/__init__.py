"""The Slack edge of records: what goes for good."""
