"""Records for benchmarks of stores: made by the stages from prose, then varied without end.

A record of the pool comes from the real functions of the stages on a text of natural vocabulary.
Variation gives each record an id, times, a source, a site, numbers and a mix of sentences, titles
and keyphrases of its language: a million distinct records take two minutes instead of two hours.
"""

from collections.abc import Iterator
from hashlib import sha256
from random import Random
from typing import Any, Final

from prose import LANGUAGES, Prose
from pydantic_core import from_json, to_json

from fanmill.core.document import Document
from fanmill.core.entry_ids import rfc3339
from fanmill.ports import CompletedEntry
from fanmill.settings import Settings
from fanmill.stage_functions import functions_of
from fanmill_contracts import Deduplication, DocumentResult, record_json
from fanmill_contracts.results import EventReference

START_MS: Final = 1_780_000_000_000
RATE: Final = 20
"""Completed documents a second."""
TOPICS: Final = ("politics", "sport", "economy", "science", "health", "arts", "weather", "crime")
_WEIGHTS: Final = {"en": 50, "de": 10, "fr": 8, "es": 8, "ru": 8, "zh": 16}
_SHARE_OF_DUPLICATES: Final = 0.2
_INTEGERS: Final = frozenset({"word_count", "num_sentences", "javascript_count"})

Record = dict[str, Any]


def pool(size: int, utf8_bytes: int = 5000) -> dict[str, list[Record]]:
    """Return records of the stages by language."""
    functions = functions_of(Settings(_env_file=None))  # type: ignore[call-arg]
    found: dict[str, list[Record]] = {language: [] for language in LANGUAGES}
    for language in LANGUAGES:
        prose = Prose(language, "store")
        for number in range(size * _WEIGHTS[language] // 100):
            found[language].append(_record(functions, language, prose, utf8_bytes, number))
    return found


def _record(functions: Any, language: str, prose: Prose, utf8_bytes: int, number: int) -> Record:
    text = prose.text(utf8_bytes)
    title = prose.text(60).strip(". 。\n")[:120]
    document = Document(f"{language}-{number}", text, title=title)
    summarized, tagged = functions.summarize(document), functions.tag(document)
    result = DocumentResult(
        document_id=f"{language}-{number}",
        revision=1,
        event=EventReference(id="e", source="/s"),
        title=title,
        url="https://example.org/a",
        text_sha256=sha256(text.encode()).hexdigest(),
        received_at=rfc3339(START_MS),  # type: ignore[arg-type]
        completed_at=rfc3339(START_MS),  # type: ignore[arg-type]
        deduplication=Deduplication(
            verdict="unique", decided_by="nothing-alike", algorithm="minhash-4", threshold=0.7
        ),
        statistics=summarized.statistics,
        summary=summarized.summary,
        tagging=tagged.tagging,
    )
    made: Record = from_json(record_json(result))
    return made


class Varied:
    """Makes records of a pool into any number of others; the same seed makes the same records."""

    def __init__(self, records: dict[str, list[Record]], seed: int = 1) -> None:
        self._records = records
        self._chance = Random(seed)
        self._languages = list(_WEIGHTS)
        self._weights = list(_WEIGHTS.values())
        self._titles = {
            language: [word for each in listed for word in (each["title"] or "x").split()]
            for language, listed in records.items()
        }

    def entries(self, count: int, first: int = 0) -> Iterator[CompletedEntry]:
        """Yield completed entries in the order of the ledger."""
        for number in range(first, first + count):
            record = self.record(number)
            received_ms = START_MS + number * 1000 // RATE
            yield CompletedEntry(f"{received_ms}-0", to_json(record), record)

    def record(self, number: int) -> Record:
        """Return the record of a number."""
        chance = self._chance
        (language,) = chance.choices(self._languages, self._weights)
        base = chance.choice(self._records[language])
        received_ms = START_MS + number * 1000 // RATE
        site = f"site-{int(chance.paretovariate(0.8)) % 20_000}.example.org"
        record = {
            **base,
            "document_id": f"document-{number}",
            "event": {
                "id": f"{chance.getrandbits(128):032x}",
                "source": f"/crawler/{int(chance.paretovariate(1)) % 300}",
            },
            "title": self._title(language),
            "url": f"https://{site}/articles/{number}.html",
            "text_sha256": f"{chance.getrandbits(256):064x}",
            "received_at": rfc3339(received_ms),
            "completed_at": rfc3339(received_ms + chance.randrange(300, 5000)),
        }
        if number > 100 and chance.random() < _SHARE_OF_DUPLICATES:
            self._make_duplicate(record, number)
        else:
            self._vary(record, base, language)
        return record

    def _title(self, language: str) -> str:
        words = self._chance.choices(self._titles[language], k=self._chance.randint(3, 8))
        return " ".join(words)

    def _make_duplicate(self, record: Record, number: int) -> None:
        """Make a record that repeats an earlier one: a third are exact and skipped."""
        chance = self._chance
        exact = chance.random() < 1 / 3
        original = number - 1 - min(int(chance.paretovariate(0.7)), number - 1)
        record["deduplication"] = {
            "verdict": "exact" if exact else "near",
            "duplicate_of": f"document-{original // 10 * 10}",
            "similarity": 1 if exact else round(chance.uniform(0.7, 1), 3),
            "containment": 1 if exact else round(chance.uniform(0.7, 1), 3),
            "decided_by": "digest" if exact else "jaccard",
            "compared_text": "full",
            "algorithm": "minhash-4",
            "threshold": 0.7,
        }
        for member in ("statistics", "summary", "tagging"):
            record.pop(member, None)

    def _vary(self, record: Record, base: Record, language: str) -> None:
        chance = self._chance
        factor = chance.lognormvariate(0, 0.6)
        record["statistics"] = _scaled(base["statistics"], factor, chance.uniform(0.9, 1.1))
        others = chance.choices(self._records[language], k=2)
        record["summary"] = {
            **base["summary"],
            "sentences": [
                *base["summary"]["sentences"][:1],
                *(each["summary"]["sentences"][-1] for each in others),
            ],
        }
        tags = {**base["tagging"]["tags"]}
        phrases = [each for one in others for each in one["tagging"]["tags"].get("keyphrase", ())]
        tags["keyphrase"] = phrases[: len(tags.get("keyphrase", ()))]
        tags["topic"] = [
            {
                "value": topic,
                "score": 0.6,
                "score_kind": "probability",
                "concept": f"medtop:{topic}",
            }
            for topic in {TOPICS[int(chance.paretovariate(0.9)) % len(TOPICS)]}
        ]
        record["tagging"] = {**base["tagging"], "tags": tags}


def _scaled(statistics: Record, factor: float, jitter: float) -> Record:
    """Return statistics of a text of another length, rounded as records are."""
    made: Record = {}
    for name, value in statistics.items():
        if isinstance(value, dict) and name not in {"filters", "composition", "plugins"}:
            made[name] = {
                key: int(each * factor) if key in _INTEGERS else _varied(each, jitter)
                for key, each in value.items()
                if each is not None
            }
        elif isinstance(value, int) and not name.startswith(("max", "median")):
            made[name] = int(value * factor)
        else:
            made[name] = value
    return made


def _varied(value: float, jitter: float) -> float:
    """Return another value; a share remains a share."""
    return _rounded(min(value * jitter, 1.0) if 0 <= value <= 1 else value * jitter)


def _rounded(value: float) -> float:
    return float(f"{value:.3g}") if value >= 0.1 else round(value, 4)
