"""Languages and scripts of a text."""
