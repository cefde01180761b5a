"""Characters, words, sentences and layout of a text."""
