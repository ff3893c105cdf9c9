"""The jobs pages and feeds: what the public reads of openings, and how it is laid out."""
