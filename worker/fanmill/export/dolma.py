"""Tags of a record as attributes of the Dolma toolkit. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_NO_NAME: Final = re.compile(r"\W+")


def attributes_in(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tags of a record as spans `[start, end, score]` by name.

    Names are `fanmill__<namespace>__<value>`; a tag without spans is about the whole text. A
    duplicate that was not tagged has no attributes.

    Args:
        record: The members of a `DocumentResult` as JSON has them.
    """
    tags: Mapping[str, Any] = (record.get("tagging") or {}).get("tags") or {}
    size = (record.get("statistics") or {}).get("characters")
    if size is None:
        size = max(
            (end for each in tags.values() for tag in each for _, end in tag.get("spans", ())),
            default=0,
        )
    found: dict[str, list[list[float]]] = {}
    for namespace, those in tags.items():
        for tag in those:
            name = f"fanmill__{namespace}__{_NO_NAME.sub('_', tag['value'])}"
            spans = tag.get("spans") or ((0, size),)
            found.setdefault(name, []).extend([start, end, tag["score"]] for start, end in spans)
    return {"id": record["document_id"], "attributes": found}
