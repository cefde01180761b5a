"""The console in a terminal (extra `console`): the screens of the web console, by keys alone."""
