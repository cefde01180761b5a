"""Every limit of the contract, with its reason.

A limit is part of v1: raising one is an additive change, lowering one is not.
"""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

MAX_TEXT_BYTES: Final = 4 * MIB
"""UTF-8 bytes of `data.text`. A long novel is about 1.2 MB and the Bible about 4.3 MB:
what is larger is a collection, and one document holds a worker for about a second."""

MAX_EVENT_BYTES: Final = 5 * MIB
"""Bytes of one encoded event: the largest text plus 1 MiB for its JSON escapes and metadata.
Redis takes 512 MiB, but one such entry blocks every client while it is copied. A producer
that escapes all non-ASCII (`\\u4e2d`) doubles Chinese text and meets this limit first."""

MAX_ID_CHARACTERS: Final = 256
"""Characters of an event id, a document id or an event source. They are parts of Redis keys
and of log lines; a SHA-512 in hexadecimal has 128, most URLs have fewer than 256."""

MAX_URL_CHARACTERS: Final = 2083
"""Characters of `data.url`: what the browsers of the last twenty years agree on."""

MAX_TITLE_CHARACTERS: Final = 1024
"""Characters of `data.title`, `data.author` and `data.publisher`: one paragraph, not a text."""

MAX_LANGUAGE_CHARACTERS: Final = 35
"""Characters of a language tag: RFC 5646, section 4.4.1, asks for buffers of 35."""

MAX_METADATA_KEYS: Final = 64
"""Keys of `data.metadata`: room for the headers of a crawl, not for a second document."""

MAX_METADATA_KEY_CHARACTERS: Final = 128
"""Characters of one metadata key."""

MAX_METADATA_VALUE_CHARACTERS: Final = 4096
"""Characters of one metadata string. With 64 keys the whole stays below 1 MiB of UTF-8."""

MAX_ERROR_CHARACTERS: Final = 2000
"""Characters of an error text in a rejection: a cause and the end of a traceback."""

DEFAULT_MAX_BACKLOG: Final = 100_000
"""Entries the ledger may hold before publishers are refused: at 7 kB a document about 700 MB,
and less than a minute of work for a few cores."""
