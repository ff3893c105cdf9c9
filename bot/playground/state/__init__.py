"""The workspace itself: people, channels, messages, files, time."""
