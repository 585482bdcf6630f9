"""How figures, options and reasons are put into words, for explanations and for reports alike."""
