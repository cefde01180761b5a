"""The W3C trace context of an event, for log lines and announcements. Pure."""

import re
from typing import Final

_TRACEPARENT: Final = re.compile(
    r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-[!-~]{0,180})?"
)
"""Version, trace id, parent id, flags (https://www.w3.org/TR/trace-context/, section 3.2)."""


def trace_id(traceparent: object) -> str | None:
    """Return the trace id, 32 hexadecimal digits; None for anything but a valid `traceparent`."""
    if not isinstance(traceparent, str):
        return None
    found = _TRACEPARENT.fullmatch(traceparent)
    if found is None or traceparent.startswith("ff") or not found.group(1).strip("0"):
        return None
    return found.group(1)


def traced(traceparent: object) -> dict[str, str]:
    """Return the members of a log line that name the trace; empty without a valid one."""
    found = trace_id(traceparent)
    return {} if found is None else {"trace_id": found}
