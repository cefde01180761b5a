"""The proof of `fanmill forget --verify`: a search of servers and store for erased documents."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

import typer

from fanmill.cli.console import counted, json_line, remark
from fanmill.cli.exits import Exit

if TYPE_CHECKING:
    from fanmill.ports import Store
    from fanmill.wiring import Wiring

_SINK_SECONDS: Final = 20.0
"""Time that running sinks are given to erase in their stores."""

_MAX_KNOWN: Final = 100
"""Number of documents whose texts are remembered, to be searched for afterwards."""


class Check:
    """The search for documents, by id and by their texts.

    Args:
        wirings: The partitions.
        store: The store of record; None without one.
        ids: The documents.
    """

    def __init__(self, wirings: list[Wiring], store: Store | None, ids: list[str]) -> None:
        self._wirings = wirings
        self._store = store
        self._ids = ids
        self._phrases: list[tuple[str, str]] = []

    def look_before(self) -> None:
        """Remember phrases of the documents, as long as there are any."""
        from fanmill.ops.erasure_proof import phrases_of

        known = self._ids[:_MAX_KNOWN]
        self._phrases = phrases_of(
            [(each.redis, each.keys) for each in self._wirings], self._store, known
        )

    def report(self, facts: dict[str, Any], *, as_json: bool) -> None:
        """Search, say what was found, and end the command if that is a trace."""
        self._await_sinks()
        found = self._search()
        if as_json:
            json_line({**facts, "verified": not found["traces"], **found})
        else:
            self._tell(facts, found)
        if found["traces"]:
            raise typer.Exit(Exit.FAILURE)

    def _tell(self, facts: dict[str, Any], found: dict[str, Any]) -> None:
        if facts["found"]:
            remark(f"forgot {named(self._ids)}: {in_places(facts)}")
        looked = ", ".join(f"{number:,} {what}" for what, number in found["searched"].items())
        remark(f"searched: {looked}")
        if found["phrases"]:
            remark(f"searched for {counted(found['phrases'], 'phrase')} of the texts, too")
        if found["named_as_original"]:
            number = counted(found["named_as_original"], "record")
            remark(f"{number} of copies name them as their original")
        if found["same_text"]:
            remark(f"{counted(found['same_text'], 'place')} of other documents hold the same text")
        for each, places in found["traces"].items():
            remark(f"{each}: {', '.join(places)}", "still there:", "red")
        if not found["traces"]:
            remark(f"no trace of {named(self._ids)} beside the tombstone")

    def _await_sinks(self) -> None:
        """Wait until sinks that run have erased in their stores."""
        from fanmill.ops.process_registry import running_processes

        until = monotonic() + _SINK_SECONDS
        for wiring in self._wirings:
            while wiring.redis.xlen(wiring.keys.late) and monotonic() < until:
                processes = running_processes(wiring.redis, wiring.keys)
                if not any(process.role == "sink" for process in processes):
                    break
                sleep(0.1)

    def _search(self) -> dict[str, Any]:
        from fanmill.ops.erasure_proof import search_index, search_keys, search_store

        ids, phrases = self._ids, self._phrases
        proofs = []
        for number, wiring in enumerate(self._wirings):
            prefix = f"partition {number}: " if len(self._wirings) > 1 else ""
            proofs.append((prefix, search_keys(wiring.redis, wiring.keys, ids, phrases)))
        # All partitions share the index.
        proofs.append(("", search_index(self._wirings[0].index, ids)))
        if self._store is not None:
            proofs.append(("", search_store(self._store, ids, phrases)))
        traces: dict[str, list[str]] = {}
        searched: dict[str, int] = {}
        mentions = same_text = 0
        for prefix, proof in proofs:
            mentions += proof.mentions.total()
            same_text += proof.same_text
            for each, places in proof.traces.items():
                traces.setdefault(each, []).extend(prefix + place for place in places)
            for what, count in proof.searched.items():
                searched[what] = searched.get(what, 0) + count
        return {
            "searched": searched,
            "phrases": len(self._phrases),
            "traces": traces,
            "named_as_original": mentions,
            "same_text": same_text,
        }


def named(ids: list[str]) -> str:
    """Return documents in words: the id of one, the number of several."""
    return f"document {ids[0]!r}" if len(ids) == 1 else counted(len(ids), "document")


def in_places(facts: dict[str, Any]) -> str:
    """Return in words where an erasure found documents, and how many there."""
    return ", ".join(f"{number:,} in {place}" for place, number in facts["found"].items())
