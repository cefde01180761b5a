"""The command line: results on stdout, remarks on stderr."""
