"""The use cases of openings: their form, their text and plan, their postings, referrals."""
