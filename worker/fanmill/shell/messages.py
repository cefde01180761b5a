"""Reading of messages in a queue: anybody may have written them.

A message is accepted only if it has the form that `CeleryDispatcher` sends. Celery
receives a rebuilt message with the fields of ours alone, since it logs the content of
messages that it cannot read.
"""

import json
import re
from base64 import b64decode, b64encode
from typing import Any, Final
from uuid import uuid4

from fanmill.shell.queues import TASKS

SENT_HEADER: Final = "fanmill_sent_ms"
"""Header of a message: the server's time when it was sent, in ms since 1970."""

MAX_ENTRIES: Final = 1000
"""Maximum number of entries in a batch; see `FANMILL_BATCH_MAX_DOCUMENTS`."""

_MAX_ID: Final = 200
_ENTRY_ID: Final = re.compile(r"[0-9]{1,20}-[0-9]{1,20}")
_PRINTABLE: Final = re.compile(rf"[!-~]{{1,{_MAX_ID}}}")
_TASK_NAMES: Final = frozenset(TASKS.values())


class MalformedMessage(Exception):
    """A message is not ours; the text says why, without its content."""


def read_message(content: bytes, queue: str) -> dict[str, Any]:
    """Return a message of ours in Celery's form.

    Args:
        content: Element of a queue's list.
        queue: Name of the queue.

    Raises:
        MalformedMessage: It is not JSON, has another shape, or names another task.
    """
    message = _json(content, "message")
    headers = message.get("headers") if isinstance(message, dict) else None
    if not isinstance(headers, dict):
        raise MalformedMessage("no message of Celery")
    if message.get("content-type") != "application/json" or "compression" in headers:
        raise MalformedMessage("content type other than plain JSON")
    task, task_id = headers.get("task"), headers.get("id")
    if not isinstance(task, str) or task not in _TASK_NAMES:
        raise MalformedMessage("unknown task")
    if not isinstance(task_id, str) or not _PRINTABLE.fullmatch(task_id):
        raise MalformedMessage("no task id")
    body = _body(message)
    arguments = _arguments(_json(body, "body"))
    return _rebuilt(task, task_id, arguments, headers.get(SENT_HEADER), queue)


def sent_ms(content: bytes) -> int | None:
    """Return when a message was sent, in ms since 1970; None for a message that is not ours."""
    try:
        message = _json(content, "message")
        sent = message["headers"][SENT_HEADER]
    except (MalformedMessage, KeyError, TypeError):
        return None
    return sent if type(sent) is int else None


def _json(content: bytes, what: str) -> Any:
    try:
        return json.loads(content)
    # Deep nesting ends in a RecursionError.
    except (ValueError, RecursionError):
        raise MalformedMessage(f"{what} is not JSON") from None


def _body(message: dict[str, Any]) -> bytes:
    properties, body = message.get("properties"), message.get("body")
    if not isinstance(properties, dict) or properties.get("body_encoding") != "base64":
        raise MalformedMessage("body of an unknown encoding")
    try:
        return b64decode(body, validate=True)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        raise MalformedMessage("body is not base64") from None


def _arguments(body: Any) -> list[Any]:
    match body:
        case [[str() as batch_id, list() as entries, int() as delivery], dict() as options, _]:
            ours = (
                not options
                and _PRINTABLE.fullmatch(batch_id) is not None
                and 1 <= len(entries) <= MAX_ENTRIES
                and all(isinstance(each, str) and _ENTRY_ID.fullmatch(each) for each in entries)
                and type(delivery) is int
                and delivery >= 1
            )
        case _:
            ours = False
    if not ours:
        raise MalformedMessage("arguments of another shape")
    return [batch_id, entries, delivery]


def _rebuilt(
    task: str, task_id: str, arguments: list[Any], sent: Any, queue: str
) -> dict[str, Any]:
    return {
        "body": b64encode(json.dumps([arguments, {}, {}]).encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {
            "lang": "py",
            "task": task,
            "id": task_id,
            "root_id": task_id,
            "parent_id": None,
            "group": None,
            "retries": 0,
            "timelimit": [None, None],
            "argsrepr": "",
            "kwargsrepr": "",
            "ignore_result": True,
            SENT_HEADER: sent if type(sent) is int else 0,
        },
        "properties": {
            "correlation_id": task_id,
            "delivery_mode": 2,
            # A worker that stops hands the message back to this queue.
            "delivery_info": {"exchange": queue, "routing_key": queue},
            "delivery_tag": uuid4().hex,
            "body_encoding": "base64",
        },
    }
