"""Errors of the index."""

from redis.exceptions import OutOfMemoryError, RedisError


class FingerprintIndexError(RedisError):
    """Base of the index's errors; a `RedisError`, since it is the server that lacks something."""


class IndexParametersDiffer(FingerprintIndexError):
    """The partition holds an index that was made with other parameters."""

    def __init__(self, partition: str, found: str, wanted: str) -> None:
        """Take the partition and both parameter sets, as JSON."""
        super().__init__(partition, found, wanted)
        self.partition, self.found, self.wanted = partition, found, wanted

    def __str__(self) -> str:
        """Say what differs and what to do."""
        return (
            f"index partition {self.partition!r} was made with parameters {self.found}; "
            f"wanted {self.wanted}: set the old ones, or rebuild it (fanmill index rebuild)"
        )


class IndexFull(FingerprintIndexError, OutOfMemoryError):
    """The server has no memory left; nothing of the batch was judged or stored."""

    def __init__(self, partition: str, reply: str) -> None:
        """Take the partition and the server's reply."""
        super().__init__(partition, reply)
        self.partition, self.reply = partition, reply

    def __str__(self) -> str:
        """Say what to do."""
        return (
            f"index partition {self.partition!r} cannot grow, the server says {self.reply!r}: "
            "raise its maxmemory or shorten FANMILL_DEDUP_HORIZON_DAYS"
        )


class UnusableDocumentId(FingerprintIndexError, ValueError):
    """A document id is empty or longer than the index takes."""

    def __init__(self, document_id: str, limit_bytes: int) -> None:
        """Take the id and the limit."""
        super().__init__(document_id, limit_bytes)
        self.document_id, self.limit_bytes = document_id, limit_bytes

    def __str__(self) -> str:
        """Name the id and the limit."""
        size = len(self.document_id.encode("utf-8", "surrogatepass"))
        return (
            f"document id {self.document_id[:40]!r} is {size} bytes; "
            f"it must be 1 to {self.limit_bytes}"
        )
