"""Commands for taggers, tag rules and topic models."""
