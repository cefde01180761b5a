"""Commands of `fanmill`, one package for each group in the help."""
