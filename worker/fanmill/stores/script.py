"""Lua scripts: read from the package, sent once to a server, called by their digest.

The first line of `<folder>/scripts/<name>.lua` tells the server how to run the script. Behind it
come `prelude.lua` of the folder and its parts `prelude.*.lua`, then the parts `<name>.*.lua`,
because scripts cannot call each other. All stores on Redis use this module.

A script gets only the definitions of the preludes that it uses: the server makes all functions of a
script anew in each call, which would cost more than the work of a small batch.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha1
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from redis import RedisCluster
from redis.client import Pipeline
from redis.exceptions import NoScriptError

_DEFINITION: Final = re.compile(
    r"^local (?:function )?(?P<names>[\w, ]+).*?(?=^(?:local |--)|\Z)", re.MULTILINE | re.DOTALL
)
"""Function or variables of a prelude; a definition begins in the first column."""

_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the digest the server knows it by.

    redis-py's own Script asks the server before each pipeline whether it knows
    the script: a round trip that this one saves.
    """

    source: str
    digest: str
    writes: bool
    """False: users who may only read can run it, by the read-only commands of the server."""

    def run(self, client: Any, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """Run it and return its answer; the source is sent if the server does not have it."""
        # redis-py asks a cluster for the keys of commands that it does not know, each time.
        suffix = "" if self.writes or isinstance(client, RedisCluster) else "_RO"
        call = (len(keys), *keys, *arguments)
        try:
            return client.execute_command(f"EVALSHA{suffix}", self.digest, *call)
        except NoScriptError:
            return client.execute_command(f"EVAL{suffix}", self.source, *call)

    def enqueue(self, pipe: Pipeline, keys: Sequence[str], arguments: Sequence[Any]) -> None:
        """Add a call to a pipeline; its answer may be a `NoScriptError` instead."""
        pipe.evalsha(self.digest, len(keys), *keys, *arguments)


@cache
def load(folder: str, name: str) -> Script:
    """Read the script `name` of a folder of `fanmill.stores`."""
    scripts = files("fanmill.stores") / folder / "scripts"
    first, _, body = (scripts / f"{name}.lua").read_text(encoding="utf-8").partition("\n")
    prelude = (scripts / "prelude.lua").read_text(encoding="utf-8")
    preludes = "\n".join([prelude, *_parts(scripts, "prelude")])
    own = "\n".join([*_parts(scripts, name), body])
    source = "\n".join([first, *_used(preludes, own), own])
    digest = sha1(source.encode(), usedforsecurity=False).hexdigest()
    return Script(source, digest, writes="no-writes" not in first)


def _used(preludes: str, own: str) -> list[str]:
    """Return the definitions of preludes that a script uses, directly or through others."""
    used: list[str] = []
    words = set(_WORD.findall(own))
    # A definition uses only those before it.
    for found in reversed(list(_DEFINITION.finditer(preludes))):
        if not words.isdisjoint(_WORD.findall(found["names"])):
            used.insert(0, found[0])
            words.update(_WORD.findall(found[0]))
    return used


def _parts(scripts: Traversable, name: str) -> list[str]:
    """Return the parts `<name>.*.lua` of a script, in the order of their names."""
    found = {each.name: each for each in scripts.iterdir()}
    names = sorted(each for each in found if each.startswith(f"{name}.") and each.count(".") > 1)
    return [found[each].read_text(encoding="utf-8") for each in names]
