"""Tags as attributes of the Dolma toolkit."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from fanmill_contracts import DocumentResult, Tagging

Dolma = Annotated[bool, typer.Option("--dolma", help="Write Dolma attributes, one object a line.")]


def attributes(document_id: str, tagging: Tagging, size: int) -> dict[str, Any]:
    """Return tags as the attributes of the Dolma toolkit: spans `[start, end, score]` by name.

    Names are `fanmill__<namespace>__<value>`; a tag without spans is about the
    whole text, of `size` code points.
    """
    found: dict[str, list[list[float]]] = {}
    for namespace, tags in tagging.tags.items():
        for tag in tags:
            value = re.sub(r"\W+", "_", tag.value)
            found.setdefault(f"fanmill__{namespace}__{value}", []).extend(
                [start, end, tag.score] for start, end in tag.spans or ((0, size),)
            )
    return {"id": document_id, "attributes": found}


def attributes_of(result: DocumentResult) -> dict[str, Any]:
    """Return the tags of a record likewise; no attributes for a duplicate that was not tagged.

    The size of the text comes from the statistics; without them it is the end of
    the last span of any tag.
    """
    if result.tagging is None:
        return {"id": result.document_id, "attributes": {}}
    tags = chain.from_iterable(result.tagging.tags.values())
    ends = [span.end for tag in tags for span in tag.spans]
    size = max(ends, default=0) if result.statistics is None else result.statistics.characters
    return attributes(result.document_id, result.tagging, size)
