"""Form of a record in the hash of its document.

The field `record` holds the record as JSON or, usually from a moment after completion on, the
same JSON as raw DEFLATE data (RFC 1951) with the preset dictionary `RECORD_DICTIONARY`: a
quarter of the size. JSON begins with `{`; DEFLATE data of a record never does.
"""

import zlib
from typing import Final

from fanmill_contracts.record_dictionary import RECORD_DICTIONARY
from fanmill_contracts.results import DocumentResult

_RAW: Final = -zlib.MAX_WBITS
"""Raw DEFLATE: no header and no checksum."""
_JSON: Final = b"{"


def compressed(record: bytes) -> bytes:
    """Return a record, given as JSON, in the form that saves memory."""
    compressor = zlib.compressobj(wbits=_RAW, zdict=RECORD_DICTIONARY)
    short = compressor.compress(record) + compressor.flush()
    return record if short.startswith(_JSON) else short


def decompressed(value: bytes) -> bytes:
    """Return the JSON of a record, given the value of the field `record` in either form.

    Raises:
        ValueError: The value is neither JSON nor DEFLATE data with the dictionary.
    """
    if value.startswith(_JSON):
        return value
    decompressor = zlib.decompressobj(_RAW, zdict=RECORD_DICTIONARY)
    try:
        record = decompressor.decompress(value) + decompressor.flush()
    except zlib.error as error:
        raise ValueError(f"the field `record` holds no record: {error}") from error
    if not decompressor.eof:
        raise ValueError("the field `record` holds no record: its end is missing")
    return record


def stored_record(value: bytes) -> DocumentResult:
    """Return the record that the field `record` holds.

    Raises:
        ValueError: The value is no record.
    """
    return DocumentResult.model_validate_json(decompressed(value))
