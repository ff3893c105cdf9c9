"""What Panelist says of its own accord: to whom, when, and through the outbox."""
