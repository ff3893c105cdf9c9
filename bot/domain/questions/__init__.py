"""Interview questions, sets of them, and the words that ask for them."""
