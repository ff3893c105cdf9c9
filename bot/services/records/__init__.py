"""Records: everything out, everything back, everything gone."""
