"""Acts of the terminal: rights, the question before, the dry run of a bulk action."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from fanmill.core.text.escapes import escape_controls
from fanmill.ports.store import StoreError
from fanmill.screens.acts import Act, Order, Refused, Told, Viewer
from fanmill.screens.bulk import dry_run, read_order
from fanmill.screens.filter_words import in_words
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Action, may
from fanmill.stores.redis.controls import TARGETS, Signature
from fanmill.watch.catalogue import ACTS
from fanmill.watch.dialogs import Choice, Confirmation

if TYPE_CHECKING:
    from textual.app import App

_SUBJECTS: Final = 5
"""Ids that a confirmation names."""
_DONE_SECONDS, _TROUBLE_SECONDS = 8.0, 20.0
"""Times for which a message is shown."""
_DRY_RUN: Final = "actions/new?"


@dataclass(frozen=True, slots=True)
class Orders:
    """Carries out what a viewer orders, and tells what became of it.

    Attributes:
        app: Shows dialogs and messages.
        reader: The reader.
        viewer: The person at the terminal.
    """

    app: App[None]
    reader: Reader
    viewer: Viewer

    async def carry_out(
        self, act: Act, action: Action, ids: Sequence[str], values: Mapping[str, str]
    ) -> bool:
        """Ask if the action wants it, do it; return whether it was done."""
        if not may(self.viewer.role, act.role):
            self.tell(f"Your role may not do this: start it with --role {act.role}.", "warning")
            return False
        if action.confirm or action.word:
            of = f"{action.title} {len(ids):,}: " if ids else ""
            question = Confirmation(f"{of}{action.confirm}", _subjects(ids), action.word)
            note = await self.app.push_screen_wait(question)
            if note is None:
                return False
            values = {**values, "note": note, "word": action.word}
        return await self._do(act, Order(self.viewer, ids, values))

    async def pause(self, pauses: Mapping[tuple[int, str], Signature]) -> bool:
        """Ask which part to pause or to resume, and do it; return whether it was done."""
        paused = {target: by for (_, target), by in pauses.items()}
        choices: list[tuple[str, str]] = []
        for each in TARGETS:
            by = paused.get(each)
            said = f"paused by {by.by}" + (f": {by.note}" if by.note else "") if by else "works"
            verb = "resume" if by else "pause"
            choices.append((each, escape_controls(f"{verb} {each}  ({said})")))
        target = await self.app.push_screen_wait(Choice("Pause or resume", choices))
        if target is None:
            return False
        name = "resume" if target in paused else "pause"
        action = Action(
            name, name.capitalize(), "P",
            confirm="" if target in paused
            else f"Pause {target}? Work waits until it is resumed; nothing is lost.",
        )  # fmt: skip
        return await self.carry_out(ACTS["ledger", name], action, [], {"target": target})

    async def _do(self, act: Act, order: Order) -> bool:
        try:
            done = await asyncio.to_thread(act.do, self.reader, order)
            if isinstance(done, Told):
                if done.link.startswith(_DRY_RUN):
                    return await self._bulk(dict(parse_qsl(done.link.removeprefix(_DRY_RUN))))
                done = done.text
        except Refused as error:
            self.tell(str(error), "error")
        except (RedisError, StoreError) as error:
            self.tell(f"Not done. {trouble_of(error)}", "error")
        else:
            self.tell(done, "information")
            return True
        return False

    async def _bulk(self, values: dict[str, str]) -> bool:
        """Show the dry run of a bulk action; create it after a yes."""
        order = read_order(values, self.viewer.name)
        run = await asyncio.to_thread(dry_run, self.reader, order)
        if not run.acts:
            self.tell(f"Nothing to do: {run.text}", "warning")
            return False
        subjects = _subjects(order.ids) if order.ids else [in_words(order.where)]
        word = "drop" if order.kind == "drop" else ""
        note = await self.app.push_screen_wait(Confirmation(run.text, subjects, word))
        if note is None:
            return False
        act = ACTS["bulk", order.kind]
        return await self._do(act, Order(self.viewer, (), {**values, "note": note, "word": word}))

    def tell(self, text: str, severity: str) -> None:
        """Show a message."""
        self.app.notify(
            escape_controls(text),
            severity=severity,  # type: ignore[arg-type]
            timeout=_DONE_SECONDS if severity == "information" else _TROUBLE_SECONDS,
            markup=False,
        )


def _subjects(ids: Sequence[str]) -> list[str]:
    more = [f"and {len(ids) - _SUBJECTS:,} more"] if len(ids) > _SUBJECTS else []
    return [escape_controls(each.partition(":")[2] or each) for each in ids[:_SUBJECTS]] + more


def trouble_of(error: Exception) -> str:
    """Return a failed reading or order in a sentence that says what to do."""
    if isinstance(error, StoreError):
        return f"The store does not answer: {error}."
    if isinstance(error, NoPermissionError):
        return (
            f"Redis refuses: {error}. This user needs the rights of `operator` in "
            "deploy/redis/users.acl."
        )
    if isinstance(error, AuthenticationError):
        return f"Redis refuses the user or the password of FANMILL_REDIS_URL: {error}."
    if isinstance(error, RedisError):
        return f"Redis does not answer: {error}."
    return f"This cannot be shown; please report it: {type(error).__name__}: {error}."
