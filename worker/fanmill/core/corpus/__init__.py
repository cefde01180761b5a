"""Aggregates over many documents."""
