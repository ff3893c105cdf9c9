"""The board: of one person, and in a job's private channel."""
