"""What Slack accepts: schemas and limits of blocks, views and messages."""
