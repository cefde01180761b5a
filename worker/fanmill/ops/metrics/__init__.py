"""Metrics: a catalogue, the reading of their values from Redis, and their exposition over HTTP."""
