"""Optional built-in taggers: entities, topic models, and the operator's rules file."""
