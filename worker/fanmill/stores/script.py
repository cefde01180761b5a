"""Lua scripts: read from the package, sent once to a server, called by their digest.

`<folder>/scripts/<name>.lua` begins with a line that says how the server is to run
it; `prelude.lua` of the same folder is put behind that line, as scripts can't call
each other. Used by all stores on Redis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha1
from importlib.resources import files
from typing import Any

from redis.client import Pipeline
from redis.exceptions import NoScriptError


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the digest the server knows it by.

    redis-py's own Script asks the server before each pipeline whether it knows
    the script: a round trip that this one saves.
    """

    source: str
    digest: str

    def run(self, client: Any, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """Run it and return its answer; the source is sent if the server does not have it."""
        try:
            return client.execute_command("EVALSHA", self.digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return client.execute_command("EVAL", self.source, len(keys), *keys, *arguments)

    def enqueue(self, pipe: Pipeline, keys: Sequence[str], arguments: Sequence[Any]) -> None:
        """Add a call to a pipeline; its answer may be a `NoScriptError` instead."""
        pipe.evalsha(self.digest, len(keys), *keys, *arguments)


@cache
def load(folder: str, name: str) -> Script:
    """Read the script `name` of a folder of `fanmill.stores`."""
    scripts = files("fanmill.stores") / folder / "scripts"
    first, _, body = (scripts / f"{name}.lua").read_text(encoding="utf-8").partition("\n")
    prelude = (scripts / "prelude.lua").read_text(encoding="utf-8")
    source = f"{first}\n{prelude}\n{body}"
    return Script(source, sha1(source.encode(), usedforsecurity=False).hexdigest())
