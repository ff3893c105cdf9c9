"""Openings in Slack: their forms, their postings, what members read of them."""
