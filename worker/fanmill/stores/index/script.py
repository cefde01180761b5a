"""The Lua scripts of the index, read from the package and called by their digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from redis.exceptions import NoScriptError

_FLAGS: Final = {
    # Under memory pressure the server refuses a script without flags before it
    # starts, so that no batch is stored by half. Those that free memory may run.
    "judge": "",
    "forget": "flags=allow-oom",
    "maintain": "flags=allow-oom",
    "drop": "flags=allow-oom",
    "lines": "flags=no-writes",
    "cluster": "flags=no-writes",
    "clusters": "flags=no-writes",
    "info": "flags=no-writes",
}


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the digest the server knows it by."""

    source: str
    sha: str

    def run(self, client: Any, key: str, *args: bytes | str | float) -> Any:
        """Run it with one key; sends the source only if the server does not have it."""
        try:
            return client.execute_command("EVALSHA", self.sha, 1, key, *args)
        except NoScriptError:
            return client.execute_command("EVAL", self.source, 1, key, *args)


@cache
def load(name: str) -> Script:
    """Read `scripts/<name>.lua`, the shared part in front."""
    folder = files(__package__).joinpath("scripts")
    shared = folder.joinpath("pages.lua").read_text("utf-8")
    own = folder.joinpath(f"{name}.lua").read_text("utf-8")
    source = f"#!lua {_FLAGS[name]}".rstrip() + f"\n{shared}\n{own}"
    return Script(source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())
