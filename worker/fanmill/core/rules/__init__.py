"""Tag rules: parsing and matching."""
