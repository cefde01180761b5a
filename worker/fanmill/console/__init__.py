"""The web console (extra `console`): screens for operators, in a browser."""
