"""All that is kept, taken out and put back."""
