"""Extractive summaries of a text."""
