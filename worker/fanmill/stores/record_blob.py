"""Form of a record in a store: zstd with the dictionary of the contracts, or the JSON itself.

A frame of zstd begins with its magic number and JSON with `{`, so that either is recognised.
"""

from typing import Final

import zstandard

from fanmill_contracts.record_dictionary import RECORD_DICTIONARY

_LEVEL: Final = 3
_MAX_BYTES: Final = 1 << 28
_DICTIONARY: Final = zstandard.ZstdCompressionDict(
    RECORD_DICTIONARY, dict_type=zstandard.DICT_TYPE_RAWCONTENT
)
# Here and once: a second call frees what compressors of other threads are using.
_DICTIONARY.precompute_compress(level=_LEVEL)


class RecordCoder:
    """A compressor and a decompressor for records of one thread."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(
            level=_LEVEL, dict_data=_DICTIONARY, write_checksum=False, write_dict_id=False
        )
        self._decompressor = zstandard.ZstdDecompressor(dict_data=_DICTIONARY)

    def compressed(self, text: bytes) -> bytes:
        """Return JSON in the form of the store."""
        return self._compressor.compress(text)

    def decompressed(self, blob: bytes) -> bytes:
        """Return the JSON of a value in the store.

        Raises:
            ValueError: It is damaged.
        """
        if blob.startswith(b"{"):
            return blob
        try:
            return self._decompressor.decompress(blob, max_output_size=_MAX_BYTES)
        except zstandard.ZstdError as error:
            raise ValueError(f"a stored value is damaged: {error}") from error
