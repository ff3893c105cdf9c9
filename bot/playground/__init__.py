"""A small local Slack, over real HTTP and WebSocket, for any Bolt app; it knows none by itself."""
