"""Where fanmill keeps things: on Redis or Valkey, and in memory for tests and trials."""
