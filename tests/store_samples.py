"""Records and rejections with the variety that stores and filters must cope with."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from hypothesis import strategies as st

from fanmill.core.filters import parse_filter
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.ports import CompletedEntry, RejectedOutcome
from fanmill_contracts import DocumentRejected, DocumentResult

EPOCH = datetime(2026, 11, 1, tzinfo=UTC)
NOW_MS = int((EPOCH + timedelta(days=20)).timestamp() * 1000)


def where(text):
    """Return a filter over records."""
    return parse_filter(text, RECORD_KEYS)


def where_rejected(text):
    """Return a filter over rejections."""
    return parse_filter(text, REJECTION_KEYS)


def entry_id(number):
    """Return the entry that the ledger took `number` seconds after the first of November."""
    return f"{int(EPOCH.timestamp() * 1000) + number * 1000}-0"


def record(
    document_id,
    *,
    seconds=0,
    lang="en",
    title=None,
    url=None,
    source="/crawler",
    duplicate_of=None,
    verdict=None,
    words=100,
    quality=None,
    topics=(),
    keyphrases=(),
    summary="",
    failed=(),
    problems=0,
    revision=1,
    similarity=None,
    statistics=True,
):
    """Return a record."""
    members = {
        "document_id": document_id,
        "revision": revision,
        "event": {"id": f"event-{document_id}"[:256], "source": source},
        "title": title,
        "url": url,
        "text_sha256": sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest(),
        "received_at": (EPOCH + timedelta(seconds=seconds)).isoformat(),
        "completed_at": (EPOCH + timedelta(seconds=seconds, milliseconds=1500)).isoformat(),
        "deduplication": {
            "verdict": verdict or ("near" if duplicate_of else "unique"),
            "duplicate_of": duplicate_of,
            "similarity": similarity,
            "algorithm": "minhash-2",
        },
        "tagging": {
            "language": lang,
            "language_confidence": 0.9,
            "tags": {
                "topic": [
                    {"value": value, "score": 0.5, "concept": f"medtop:{value}"} for value in topics
                ],
                "keyphrase": [{"value": value, "score": 0.5} for value in keyphrases],
            },
        },
        "problems": [
            {"stage": "tag", "producer": f"plugin-{number}", "error": "x"}
            for number in range(problems)
        ],
    }
    if summary:
        sentence = {"text": summary, "start": 0, "end": len(summary)}
        members["summary"] = {"method": "lead-4", "sentences": [sentence]}
    if statistics:
        members["statistics"] = _statistics(words, quality, failed)
    return DocumentResult.model_validate(members)


def _statistics(words, quality, failed) -> dict[str, object]:
    return {
        **dict.fromkeys(("bytes", "characters"), words * 6),
        **dict.fromkeys(("words", "unique_words"), words),
        **dict.fromkeys(("sentences", "paragraphs", "lines"), 1),
        "reading_time_seconds": words / 4,
        "quality": quality or {},
        "filters": {name: {"passed": False, "failed": "any"} for name in failed},
    }


def completed(document_id, number=0, **members: object):
    """Return a completed entry of the ledger's entry `number`."""
    members.setdefault("seconds", number)
    return CompletedEntry.of_result(entry_id(number), record(document_id, **members))


def rejected(
    number, document_id="doc-1", *, reason="stage-failed", error="it failed", **extra: object
):
    """Return a rejection."""
    time = EPOCH + timedelta(seconds=number)
    event = DocumentRejected.model_validate(
        {
            "specversion": "1.0",
            "id": entry_id(number),
            "source": "/fanmill",
            "type": "fanmill.document.rejected.v1",
            "data": {
                "document_id": document_id,
                "event_id": f"event-{number}",
                "source": "/crawler",
                "reason": reason,
                "stage": "tag",
                "error": error,
                "attempts": 3,
                "received_at": time,
                "rejected_at": time,
                "group": "abc",
                **extra,
            },
        }
    )
    return RejectedOutcome(entry_id(number), event)


WORDS = [
    "mill",
    "river",
    "新能源汽车",
    "能源",
    "การส่งออกรถยนต์",
    "Straße",
    "Новый май",
    "السيارات",
    "x",
]
IDS = ["doc-1", "doc-2", "doc-3", "дом", "文档-1", "a\"b'c", "a b%_*", "x" * 256, "é", "-1", "0"]

numbers = st.one_of(
    st.integers(0, 30),
    st.integers(0, 2**40),
    st.sampled_from(
        [0, 1, 9, 10, 99, 100, 999, 1000, 1001, 9999, 10_000, 10_500, 2**53 + 1, 2**62]
    ),
)
ratios = st.one_of(
    st.sampled_from([0.0, 0.1, 0.25, 0.3, 0.305, 0.5, 0.999, 1.0]),
    st.floats(0, 1).map(lambda value: float(f"{value:.2e}")),
)
texts = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
members = st.fixed_dictionaries(
    {},
    optional={
        "lang": st.sampled_from(["en", "zh", "und"]),
        "title": texts,
        "summary": texts,
        "url": st.sampled_from(["https://www.example.org/a", "http://[bad", "mailto:x", ""]),
        "source": st.sampled_from(["/crawler", "/mail", "/ü"]),
        "duplicate_of": st.sampled_from(IDS[:4]),
        "words": numbers,
        "quality": st.fixed_dictionaries(
            {}, optional={"stop_word_fraction": ratios | st.none(), "javascript_count": numbers}
        ),
        "topics": st.lists(st.sampled_from(["sport", "politics", "科学"]), max_size=2, unique=True),
        "keyphrases": st.lists(st.sampled_from(WORDS), max_size=2, unique=True),
        "failed": st.lists(st.sampled_from(["c4", "fineweb"]), max_size=2, unique=True),
        "problems": st.integers(0, 2),
        "similarity": ratios,
        "statistics": st.booleans(),
    },
)  # fmt: skip


@st.composite
def _number_terms(draw, key, values) -> str:
    written = values.map(lambda value: f"{value}" if isinstance(value, int) else f"{value:.10f}")
    one = st.one_of(
        written,
        st.builds("{}{}".format, st.sampled_from(["<", "<=", ">", ">="]), written),
        st.builds("{}..{}".format, written, written),
    )
    return f"{key}:{','.join(draw(st.lists(one, min_size=1, max_size=2)))}"


def _quoted(value) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


times = st.integers(-100, 3_000_000).map(
    lambda seconds: (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
) | st.integers(-3, 30).map(lambda days: (EPOCH + timedelta(days=days)).strftime("%Y-%m-%d"))
durations = st.sampled_from(["0s", "1s", "1h", "19d", "20d", "479h", "1728000s", "1ms", "30d"])
terms = st.one_of(
    st.sampled_from(
        ["lang:zh", "lang:en,und", "verdict:unique", "verdict:near,exact", "topic:sport",
         "topic:medtop:sport,科学", "tag:topic/politics", "source:/mail", "source:/crawler,/ü",
         "site:example.org", "failed:c4", "failed:c4,fineweb", "partition:all", "script:Latn",
         "tag:mill,新能源汽车", "duplicate-of:doc-1", "problems:>0", "revision:1"]
    ),
    st.sampled_from(IDS).map(lambda name: f"document:{_quoted(name)}"),
    st.sampled_from(WORDS).map(_quoted),
    st.sampled_from(["能", "能源", "源能", "รถ", "май", "strasse", "river mill", "!!"]).map(
        lambda words: f"text:{_quoted(words)}"
    ),
    _number_terms("words", numbers),
    _number_terms("quality.javascript_count", numbers),
    _number_terms("quality.stop_word_fraction", ratios),
    _number_terms("reading_time_seconds", numbers | ratios),
    _number_terms("similarity", ratios),
    st.builds("completed:{}{}".format, st.sampled_from(["", "<", "<=", ">", ">="]), times),
    st.builds("received:{}..{}".format, times, times),
    st.builds("age:{}{}".format, st.sampled_from(["<", "<=", ">", ">="]), durations),
)  # fmt: skip
filters = st.lists(st.builds("{}{}".format, st.sampled_from(["", "", "-"]), terms), max_size=4).map(
    lambda each: where(" ".join(each))
)
"""Filters over records that hit and miss the records of `members`."""
