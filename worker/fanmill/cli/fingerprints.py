"""Fingerprints as lines of JSON, for `fanmill index save` and `fanmill index rebuild`."""

from dataclasses import asdict
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from fanmill.core.text.escapes import escape_json
from fanmill.ports import StoredFingerprint
from fanmill_contracts.terms import Verdict


class _Saved(BaseModel):
    """`StoredFingerprint` as a line of JSON; `packed` is base64."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    document_id: str
    received_at: datetime
    verdict: Verdict
    partition: str
    packed: bytes


def fingerprint_line(fingerprint: StoredFingerprint) -> str:
    """Return a fingerprint as JSON on one line, without the line break."""
    return escape_json(_Saved.model_validate(asdict(fingerprint)).model_dump_json())


def read_fingerprint(line: bytes) -> StoredFingerprint:
    """Return the fingerprint of a line.

    Raises:
        pydantic.ValidationError: The line is no such JSON.
    """
    return StoredFingerprint(**dict(_Saved.model_validate_json(line)))
