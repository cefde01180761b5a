"""The command line: one file a command group. Results on stdout, talk on stderr."""
