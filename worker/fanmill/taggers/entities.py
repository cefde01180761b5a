"""The tagger `entities`: people, organisations and places in English texts.

It is off by default; `FANMILL_TAGGER_PATHS=fanmill.taggers.entities` switches it on. It needs the
extra `entities`.
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
"""Names, read at import: the children of a worker share their 70 MB."""

_MAX_SPANS: Final = 12


class EntitiesConfig(BaseModel):
    """Configuration of the tagger `entities`."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    min_score: float = Field(default=0.0, ge=0.0, le=1.0)
    """Minimum score of a name; 0.9 keeps countries, capitals and full names of people."""
    max_names: int = Field(default=100, ge=1, le=1000)
    """Maximum number of names of a document, in text order."""


@tagger(
    "entities",
    "1",
    languages=("en",),
    cost="medium",
    library=libraries,
    model_hash=lambda _: gazetteer_hash(),
)
def entities(doc: DocumentView, cfg: EntitiesConfig) -> Iterator[Tag]:
    """Tag people, organisations and places, each name with all its spans."""
    named: dict[tuple[Kind, str], list[Entity]] = {}
    written: dict[tuple[Kind, str], set[str]] = {}
    for each in find(doc.text, NAMES):
        if each.score >= cfg.min_score and each.end - each.start <= MAX_VALUE_LENGTH:
            name = " ".join(doc.text[each.start : each.end].split())
            named.setdefault((each.kind, name.casefold()), []).append(each)
            written.setdefault((each.kind, name.casefold()), set()).add(name)
    for key, found in list(named.items())[: cfg.max_names]:
        # LONDON in a headline is London elsewhere.
        name = min(written[key], key=lambda each: (each.isupper(), each))
        best = max(found, key=lambda each: each.score)
        spans = tuple((each.start, each.end) for each in found[:_MAX_SPANS])
        yield Tag(key[0], name, best.score, "heuristic", spans, best.reason, best.concept)
