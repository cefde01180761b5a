"""Rows of records in the text form of `COPY`, from the JSON that a sink hands over."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic_core import from_json, to_json

from fanmill.core.entry_ids import rfc3339
from fanmill.core.filters.record_values import record_passages, record_values
from fanmill.ports.store import CompletedEntry, OutcomeRefused
from fanmill.stores.postgresql.columns import KEY_COLUMNS, STATISTIC_COLUMNS
from fanmill.stores.postgresql.search_terms import number_terms, text_terms, text_vector

COLUMNS: Final = (
    "entry_id",
    *KEY_COLUMNS.values(),
    "completed_at",
    "received_at",
    "topics",
    "tags",
    "failed",
    "terms",
    "tokens",
    "fingerprint",
    "record",
)
"""Columns in the order of a row; `position` comes from its sequence."""

_TEXT_KEYS: Final = tuple(key for key in KEY_COLUMNS if key not in STATISTIC_COLUMNS)
_NUL: Final = rb"\u0000"
_NULL: Final = r"\N"


def record_rows(entries: Sequence[CompletedEntry]) -> list[str]:
    """Return a row for each record, as a line of `COPY` with its end.

    Raises:
        OutcomeRefused: An entry holds no record.
    """
    decoded: list[tuple[CompletedEntry, Mapping[str, Any], str, Mapping[str, Any]]] = []
    for entry in entries:
        try:
            record, written = _storable(entry)
            decoded.append((entry, record, written, record_values(record)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise OutcomeRefused(f"entry {entry.entry_id} has no record: {error!r}") from error
    try:
        numbers = number_terms([values for _, _, _, values in decoded])
        return [_line(*each, terms) for each, terms in zip(decoded, numbers, strict=True)]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise OutcomeRefused(f"one of {len(entries)} entries has no record: {error!r}") from error


def plain(text: str) -> str:
    """Return a text without NUL, which no text of PostgreSQL can hold."""
    return text.replace("\0", "\ufffd")


def copy_text(text: str | None) -> str:
    r"""Return a text as a value of `COPY`; None is `\N`."""
    if text is None:
        return _NULL
    return (
        text.replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
        .replace("\0", "\ufffd")
    )


def copy_array(texts: Iterable[str]) -> str:
    """Return texts as a value of `COPY` for an array."""
    quoted = (each.replace("\\", "\\\\").replace('"', '\\"') for each in texts)
    return copy_text("{" + ",".join(f'"{each}"' for each in quoted) + "}")


def _line(
    entry: CompletedEntry,
    record: Mapping[str, Any],
    written: str,
    values: Mapping[str, Any],
    numbers: list[int],
) -> str:
    get = values.get
    received, failed = values["received"], get("failed")
    terms = [*text_terms(values), *numbers]
    cells = [
        copy_text(entry.entry_id),
        *[_cell(get(key)) for key in _TEXT_KEYS],
        *[_NULL if (value := get(key)) is None else str(value) for key in STATISTIC_COLUMNS],
        rfc3339(values["completed"]),
        _NULL if received is None else rfc3339(received),
        copy_array(values["topic"]),
        copy_array(_written_tags(record)),
        _NULL if failed is None else copy_array(failed),
        "{" + ",".join(map(str, terms)) + "}",
        text_vector(record_passages(record)),
        rf"\\x{entry.fingerprint.hex()}",
        copy_text(written),
    ]
    return "\t".join(cells) + "\n"


def _cell(value: Any) -> str:
    return copy_text(value) if isinstance(value, str) else _NULL if value is None else str(value)


def _storable(entry: CompletedEntry) -> tuple[Mapping[str, Any], str]:
    """Return the record and its JSON without NUL."""
    if _NUL not in entry.record_json:
        return entry.record, entry.record_json.decode()
    record = _without_nul(from_json(entry.record_json))
    return record, to_json(record).decode()


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {plain(key): _without_nul(each) for key, each in value.items()}
    return value


def _written_tags(record: Mapping[str, Any]) -> list[str]:
    """Return the tags as `namespace/value`, each once."""
    tags = (record.get("tagging") or {}).get("tags") or {}
    written = [f"{namespace}/{each['value']}" for namespace, all_ in tags.items() for each in all_]
    return list(dict.fromkeys(written))
