"""The line to the bot: requests over HTTP, envelopes over Socket Mode."""
