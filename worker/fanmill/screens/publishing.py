"""A document from a form onto the ledger, checked by the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from pydantic_core import from_json

from fanmill.screens.acts import Act, Order, Refused, Told
from fanmill.screens.addresses import address
from fanmill.screens.reading import Reader
from fanmill_contracts import ContractError, DocumentIngested, InvalidEvent, limits

SOURCE: Final = "/fanmill/console"
_RETRY_SECONDS: Final = 2.0

FIELDS: Final = (
    ("document_id", "Document id", "A known id makes a new revision. Empty: a new id."),
    ("title", "Title", f"At most {limits.MAX_TITLE_CHARACTERS:,} characters."),
    ("url", "URL", f"At most {limits.MAX_URL_CHARACTERS:,} characters."),
    ("language", "Language", "A BCP 47 tag such as en or zh-Hans; empty to let fanmill tell."),
    ("source", "Source", f"Name of the sender; empty: {SOURCE}."),
)  # fmt: skip
"""Name, title and rule of each line of the form."""


def event_of(values: Mapping[str, str]) -> DocumentIngested:
    """Return the event that the fields of the form describe.

    Raises:
        Refused: A field breaks the contract; the text names it, its value and the limit.
    """
    try:
        return DocumentIngested.create(
            values.get("document_id", "").strip() or f"console-{uuid4().hex[:12]}",
            # A form sends line breaks as CR LF.
            values.get("text", "").replace("\r\n", "\n"),
            source=values.get("source", "").strip() or SOURCE,
            title=values.get("title", "").strip() or None,
            url=values.get("url", "").strip() or None,
            language=values.get("language", "").strip() or None,
            metadata=_metadata(values.get("metadata", "").strip()),
        )
    except InvalidEvent as error:
        raise Refused(
            f"{error}. Nothing was published.", error.field.removeprefix("data.").partition(".")[0]
        ) from None


def _metadata(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        found = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise Refused(
            f"data.metadata is not JSON ({error}); expected an object such as "
            '{"desk": "sports"}. Nothing was published.',
            "metadata",
        ) from None
    if not isinstance(found, dict):
        raise Refused(
            'data.metadata is no object; expected one such as {"desk": "sports"}. '
            "Nothing was published.",
            "metadata",
        )
    return found


def _publish(reader: Reader, sent: Order) -> Told:
    from fanmill_contracts import Publisher  # noqa: PLC0415

    event = event_of(sent.values)
    settings = reader.partition_of(event.data.document_id).settings
    try:
        with Publisher(
            settings.redis_url.get_secret_value(),
            namespace=settings.namespace,
            max_backlog=settings.max_backlog,
            retry_seconds=_RETRY_SECONDS,
        ) as publisher:
            entry = publisher.publish(event)
    except ContractError as error:
        raise Refused(f"{error}.") from None
    return Told(f"Published as entry {entry}.", address("trace", entry))


ACTS = (Act("publish", "send", "operator", _publish),)
