"""The table of keys in the run book, made from `fanmill.stores.keys`."""

import inspect

from fanmill.settings import Settings
from fanmill.stores.keys import Keys

_INDEX = (
    "`fanmill:dedup:…` | several | the duplicate index; see `worker/fanmill/stores/index/keys.py`"
)


_TYPES = ("stream", "hash", "string", "set", "sorted set", "list")


def keys_table() -> str:
    """Return a table with a row for each key: name, type and content, from its docstring."""
    keys = Keys(Settings(namespace="fanmill").streams)
    rows = []
    for name, member in vars(Keys).items():
        if name.startswith("_") or name in {"streams", "nothing"}:
            continue
        function = member.fget if isinstance(member, property) else member
        kind, _, content = " ".join((inspect.getdoc(function) or "").split()).partition(": ")
        if kind.lower() not in _TYPES:
            kind, content = "several", f"{kind}: {content}"
        rows.append(f"| `{_pattern(keys, name)}` | {kind.lower()} | {content.removesuffix('.')} |")
    return "\n".join(["| Key | Type | Content |", "|---|---|---|", *rows, f"| {_INDEX} |"])


def _pattern(keys: Keys, name: str) -> str:
    member = getattr(keys, name)
    if not callable(member):
        return str(member)
    parameters = list(inspect.signature(member).parameters)
    marks = [f"\x01{parameter.upper()}\x01" for parameter in parameters]
    key = str(member(*marks))
    for mark in marks:
        key = key.replace(mark, mark.strip("\x01"))
    # The key of an event is a digest of source and id.
    return (
        key
        if any(mark.strip("\x01") in key for mark in marks)
        else f"{key.rpartition(':')[0]}:DIGEST"
    )
