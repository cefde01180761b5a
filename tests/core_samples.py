"""The sample documents of the project by language: prose in twenty languages."""

import gzip
import json
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "deploy" / "samples"

_ARTICLES = {
    "de": "der-letzte-schluesselmacher.md",
    "en": "letter-to-a-new-neighbour.txt",
    "es": "carta-desde-la-estacion.txt",
    "fr": "soupe-aux-orties.md",
    "zh": "qingtang-night-market.txt",
}


def _samples() -> dict[str, str]:
    found = {
        language: (_FOLDER / "articles" / name).read_text(encoding="utf-8")
        for language, name in _ARTICLES.items()
    }
    with gzip.open(_FOLDER / "languages.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            found.setdefault(document["id"][:2], document["text"])
    # Not among the samples; written for these tests.
    found["it"] = (
        "La stazione era vuota quando arrivò il treno della sera. Il capostazione guardava "
        "l'orologio e non diceva niente. Una donna scese con due valigie e chiese la strada per il "
        "paese. Lui le indicò il sentiero che passa tra gli ulivi e poi tornò a leggere il suo "
        "giornale. Nessuno l'aveva mai vista prima di quella sera di marzo. Il giorno dopo aprì la "
        "vecchia bottega accanto alla chiesa, e da allora il pane è di nuovo buono."
    )
    return found


SAMPLES = _samples()
"""Sample document of each language, by ISO 639-1 code."""
