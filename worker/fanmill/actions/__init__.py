"""Bulk actions on rejections: their slices, and the process that executes them."""
