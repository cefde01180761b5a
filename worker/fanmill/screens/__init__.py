"""Screens for operators, without their form: tables with columns, tiles, attention lines.

The web console and `fanmill watch` show the same things under the same names.
"""
