"""The keys of filters over records. Words without a key are searched as `text` is."""

from collections.abc import Mapping
from typing import Final, get_args

from fanmill.core.filters.keys import Catalogue, Key
from fanmill_contracts.catalogue import CATALOGUE, Statistic
from fanmill_contracts.terms import Verdict

FILTERS: Final = tuple(each.field for each in CATALOGUE if each.kind == "filter")
"""Published quality filters, the values of the key `failed`."""

NUMERIC_STATISTICS: Final[Mapping[str, Statistic]] = {
    (each.field if each.set == "sizes" else each.name): each
    for each in CATALOGUE
    if each.kind in {"integer", "number"}
}
"""Statistics by their key: those of the set `sizes` without its name, as in the record."""

RECORD_KEYS: Final[Catalogue] = {
    "lang": Key("text", "Main language, such as `zh`; `und` if unknown."),
    "verdict": Key("text", "Verdict on duplicates.", get_args(Verdict)),
    "duplicate-of": Key("text", "Document id of the original."),
    "topic": Key("text", "Topic, or its concept, such as `medtop:15000000`."),
    "tag": Key("text", "Tag of any namespace: its value, or `namespace/value`."),
    "source": Key("text", "Source of the event."),
    "site": Key("text", "Host of the URL, without `www.`."),
    "text": Key("phrase", "Words in title, summary or keyphrases; several in quotes: a phrase."),
    "title": Key("text", "The whole title."),
    "url": Key("text", "The whole URL."),
    "document": Key("text", "Document id."),
    "event": Key("text", "Event id."),
    "digest": Key("text", "SHA-256 of the text."),
    "partition": Key("text", "Partition of the index."),
    "script": Key("text", "Script of most letters, such as `Latn`."),
    "failed": Key("text", "Quality filter that the text fails.", FILTERS),
    "problems": Key("number", "Number of plugins that failed; `problems:>0` has problems."),
    "age": Key("duration", "Time since completion."),
    "completed": Key("time", "Time of completion."),
    "received": Key("time", "Time at which the ledger took the event."),
    "revision": Key("number", "Revision of the document."),
    "similarity": Key("number", "Similarity to the original, 0 to 1."),
    "containment": Key("number", "Containment in the original or of it, 0 to 1."),
    **{
        key: Key("number", f"{each.definition} Unit: {each.unit}.")
        for key, each in NUMERIC_STATISTICS.items()
    },
}
"""All keys: those for people first, then every statistic with a number."""
