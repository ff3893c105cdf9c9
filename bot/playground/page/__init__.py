"""The page in the browser: what it shows and what can be done there."""
