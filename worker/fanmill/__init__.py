"""fanmill processes document events: deduplicates, sums up and tags each document once."""

from importlib.metadata import version

__version__ = version("fanmill")
