"""Lines of an export, read back as outcomes for a store. Pure."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from fanmill.export.formats import REJECTED, STORED
from fanmill.ports import StoredFingerprint
from fanmill.ports.store import CompletedEntry, Outcome, RejectedOutcome
from fanmill_contracts import DocumentRejected, DocumentResult

_STORED: Final = f',"{STORED}":'.encode()


class BadLine(Exception):
    """A line is not from an export; the text says why, without texts of documents."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """The outcome of a line."""

    outcome: Outcome
    fingerprint: StoredFingerprint | None
    """For the index; None for rejections and for records without a fingerprint."""


RESTORING: Final = "jsonl (.jsonl, .jsonl.gz, .jsonl.zst) and parquet"
"""Formats of an export from which records are restored."""


def other_format(line: bytes) -> str | None:
    """Return the format of an export that cannot be restored, by its first line; None if others."""
    if line.startswith(b"document_id,"):
        return "csv"
    try:
        members = from_json(line)
    except ValueError:
        return None
    if not isinstance(members, dict) or STORED in members:
        return None
    if "attributes" in members:
        return "dolma"
    return "quality-signals" if "quality_signals" in members else None


def read_line(line: bytes) -> ReadLine:
    """Return the outcome of a line of the format `jsonl`.

    Raises:
        BadLine: The line is not from an export, or damaged.
    """
    try:
        members = from_json(line)
    except ValueError as error:
        raise BadLine(f"is no JSON: {error}") from None
    if not isinstance(members, dict):
        raise BadLine("is no JSON object")
    stored = members.pop(STORED, None)
    if not isinstance(stored, dict):
        raise BadLine(f"has no member `{STORED}`: import reads what fanmill export wrote as jsonl")
    try:
        if REJECTED in members:
            event = DocumentRejected.model_validate_json(
                to_json({**stored["event"], "data": members[REJECTED]})
            )
            return ReadLine(RejectedOutcome(_text(stored, "rejected_id"), event), None)
        return _record(line, members, stored)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadLine(f"{place}: {first['msg']}") from None
    except KeyError as error:
        raise BadLine(f"`{STORED}` has no member `{error.args[0]}`") from None
    except (TypeError, ValueError):
        raise BadLine(f"`{STORED}` cannot be read") from None


def _record(line: bytes, members: dict[str, Any], stored: dict[str, Any]) -> ReadLine:
    json = _without_stored(line, members)
    result = DocumentResult.model_validate_json(json)
    packed = b64decode(stored.get("fingerprint") or "", validate=True)
    entry = CompletedEntry(_text(stored, "entry_id"), json, members, packed)
    return ReadLine(entry, StoredFingerprint.of(result, packed) if packed else None)


def _without_stored(line: bytes, members: dict[str, Any]) -> bytes:
    """Return the record as it was: cut out of the line, or written anew if that changed."""
    at = line.rfind(_STORED)
    if at > 0:
        cut = line[:at] + b"}"
        try:
            if from_json(cut) == members:
                return cut
        except ValueError:
            pass
    return to_json(members)


def _text(stored: dict[str, Any], name: str) -> str:
    value = stored[name]
    if not isinstance(value, str) or not value:
        raise BadLine(f"`{STORED}.{name}` is no text")
    return value
