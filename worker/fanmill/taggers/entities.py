"""The tagger `entities`, off by default: people, organisations and places in English texts.

Switched on as a tagger of others is, by `FANMILL_TAGGER_PATHS=fanmill.taggers.entities`;
needs the extra `entities`.
"""

from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from fanmill.core.taggers.entities import Entity, Kind, find
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import MAX_VALUE_LENGTH, Tag
from fanmill.core.tagging.tagger import tagger
from fanmill.taggers.gazetteer import gazetteer, gazetteer_hash, libraries

NAMES: Final = gazetteer()
"""Read as this file is, in the parent of a worker's children: they share its 70 MB."""

_MAX_SPANS: Final = 12


class EntitiesConfig(BaseModel):
    """Of the tagger `entities`."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    least_score: float = Field(default=0.0, ge=0.0, le=1.0)
    """Names with a lower score are left out: 0.9 keeps countries and full names of people."""
    most: int = Field(default=100, ge=1, le=1000)
    """Names of one document, in the order in which they come."""


@tagger(
    "entities",
    "1",
    languages=("en",),
    cost="medium",
    library=libraries,
    model_hash=lambda _: gazetteer_hash(),
)
def entities(doc: DocumentView, cfg: EntitiesConfig) -> Iterator[Tag]:
    """Tag people, organisations and places by name, with all places where a name stands."""
    named: dict[tuple[Kind, str], list[Entity]] = {}
    written: dict[tuple[Kind, str], set[str]] = {}
    for each in find(doc.text, NAMES):
        if each.score >= cfg.least_score and each.end - each.start <= MAX_VALUE_LENGTH:
            name = " ".join(doc.text[each.start : each.end].split())
            named.setdefault((each.kind, name.casefold()), []).append(each)
            written.setdefault((each.kind, name.casefold()), set()).add(name)
    for key, found in list(named.items())[: cfg.most]:
        # LONDON in a headline is London elsewhere.
        name = min(written[key], key=lambda each: (each.isupper(), each))
        best = max(found, key=lambda each: each.score)
        spans = tuple((each.start, each.end) for each in found[:_MAX_SPANS])
        yield Tag(key[0], name, best.score, "heuristic", spans, best.reason, best.concept)
