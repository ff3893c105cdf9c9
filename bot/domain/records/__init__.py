"""The rules of records: what is kept, for how long, and what proves it."""
