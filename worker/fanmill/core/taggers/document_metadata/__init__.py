"""Source, date, author and title of a document, from its event, its URL and its text.

Only the first and the last lines are read, with anchored patterns, so the time does not grow with
the text.
"""

from fanmill.core.taggers.document_metadata.find import find_metadata

__all__ = ["find_metadata"]
