"""The listeners of openings: their form, their text and plan, their postings."""
