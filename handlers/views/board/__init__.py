"""The board in Slack."""
