"""Partitions of the index: documents of two partitions are never compared.

Aspects distinguish partitions, in order: `source`, `language`, `metadata:NAME`. Without aspects all
documents are in the same partition.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final

ALL: Final = "all"
"""Name of the only partition if there are no aspects."""

NONE: Final = "none"
"""Value of an aspect that a document lacks."""

_ASPECT: Final = re.compile(r"source|language|metadata:[^,\s]+")
_UNFIT: Final = re.compile(r"[^A-Za-z0-9_.@-]")
_MAX_CHARACTERS: Final = 30
"""Maximum length of an aspect's value; three of them fit into a name."""

PartitionOf = Callable[[Mapping[str, Any]], str]


class InvalidPartition(ValueError):
    """An aspect cannot distinguish partitions; the message names it."""


def partition(aspects: Sequence[str]) -> PartitionOf:
    """Return the function from an event (parsed JSON) to the name of its partition.

    Raises:
        InvalidPartition: An aspect is unknown, or there are more than three.
    """
    if len(aspects) > 3 or not all(map(_ASPECT.fullmatch, aspects)):
        raise InvalidPartition(
            f"partition is {','.join(aspects)!r}; expected up to three of source, language, "
            "metadata:NAME, separated by commas, or nothing"
        )

    def partition_of(event: Mapping[str, Any]) -> str:
        return ":".join(_name(_value(event, aspect)) for aspect in aspects) or ALL

    return partition_of


def _value(event: Mapping[str, Any], aspect: str) -> str:
    if aspect == "source":
        return str(event.get("source") or "")
    data = event.get("data") or {}
    if aspect == "language":
        # A language has many tags: en, en-GB, EN_us.
        return re.split("[-_]", str(data.get("language") or "").lower())[0]
    value = (data.get("metadata") or {}).get(aspect.partition(":")[2])
    return "" if value is None else str(value)


def _name(value: str) -> str:
    if not value:
        return NONE
    fit = _UNFIT.sub("_", value)[:_MAX_CHARACTERS]
    if fit == value and value != NONE:
        return value
    digest = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{fit}-{digest}"
