"""Options of commands that order bulk actions, and the selection that they make."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from getpass import getuser
from inspect import Signature, signature
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Concatenate,
    Final,
    ParamSpec,
    get_type_hints,
)

import typer

from fanmill.cli.console import fail, guarded
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl, Yes

if TYPE_CHECKING:
    from fanmill.core.filters import Filter, Term
    from fanmill.ports import ActionKind, ActionOrder

P = ParamSpec("P")

_MAX_NOTE_CHARACTERS: Final = 1000
_PER_SECOND: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_RATE: Final = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(?:/([smh]))?", re.ASCII)

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID", help="Rejected ids.", show_default=False)
]
All = Annotated[bool, typer.Option("--all", help="All rejections.")]
Reason = Annotated[
    str | None, typer.Option(metavar="REASON", help="With this reason, such as worker-lost.")
]
InGroup = Annotated[
    str | None, typer.Option("--group", metavar="GROUP", help="In this failure group.")
]
Source = Annotated[str | None, typer.Option(metavar="SOURCE", help="From this source.")]
OlderThan = Annotated[
    str | None, typer.Option(metavar="TIME", help="Rejected longer ago than 90s, 5m, 2h or 7d.")
]
Where = Annotated[
    str | None,
    typer.Option(
        metavar="FILTER", help="That match a filter, such as 'stage:tag age:<1h -source:/crawler'."
    ),
]
Preview = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done and what not, and do nothing.")
]
Rate = Annotated[
    str | None, typer.Option(metavar="RATE", help="At most so many, such as 500/s or 30/m.")
]
Note = Annotated[str, typer.Option(metavar="TEXT", help="The reason, for the history.")]
Actor = Annotated[str | None, typer.Option(metavar="NAME", help="Who acts; user@host by default.")]
Detach = Annotated[
    bool, typer.Option("--detach", help="Do not wait; an intake executes the action.")
]


@dataclass(frozen=True, slots=True)
class Selection:
    """The rejections of an action: named one by one, or by a filter."""

    ids: tuple[str, ...]
    where: str


def select(
    ids: list[str] | None,
    reason: str | None,
    group: str | None,
    source: str | None,
    older_than: str | None,
    where: str | None,
    *,
    every: bool,
) -> Selection:
    """Return the selection of a command; end it with a message if there is none, or two.

    Raises:
        FilterError: A value of an option is unknown or cannot be read.
    """
    given = (reason, group, source, older_than, where)
    filters = any(value is not None for value in given)
    if bool(ids) == (every or filters):
        fail(
            Exit.USAGE,
            "name rejected ids, or give --all or a filter (--reason, --group, --source, "
            "--older-than, --where)",
        )
    if ids:
        return Selection(_named(ids), "")
    from fanmill.core.filters import Filter, parse_filter
    from fanmill.core.filters.rejection_keys import REJECTION_KEYS

    if where is not None and not where.strip():
        fail(Exit.USAGE, "--where is empty; for all rejections give --all")
    terms: list[Term] = list(parse_filter(where or "", REJECTION_KEYS).terms)
    terms += _terms(reason=reason, group=group, source=source)
    if older_than is not None:
        terms += parse_filter(f"age:>{older_than}", REJECTION_KEYS).terms
    return Selection((), str(Filter(tuple(terms))))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The values of the options that all orders on rejections share."""

    redis_url: str | None
    selection: Selection
    rate: float | None
    note: str
    actor: str
    dry_run: bool
    detach: bool
    yes: bool
    as_json: bool

    def order(self, kind: ActionKind) -> ActionOrder:
        """Return the order of a kind."""
        from fanmill.ports import ActionOrder

        return ActionOrder(
            kind=kind,
            actor=self.actor,
            where=self.selection.where,
            ids=self.selection.ids,
            rate=self.rate,
            note=self.note,
        )


def wanted_by(
    ids: Ids = None,
    redis_url: RedisUrl = None,
    every: All = False,
    reason: Reason = None,
    group: InGroup = None,
    source: Source = None,
    older_than: OlderThan = None,
    where: Where = None,
    rate: Rate = None,
    note: Note = "",
    actor: Actor = None,
    dry_run: Preview = False,
    detach: Detach = False,
    yes: Yes = False,
    as_json: Json = False,
) -> Wanted:
    """Return the values of the options that all orders on rejections share."""
    return Wanted(
        redis_url=redis_url,
        selection=select(ids, reason, group, source, older_than, where, every=every),
        rate=read_rate(rate),
        note=read_note(note),
        actor=actor_name(actor),
        dry_run=dry_run,
        detach=detach,
        yes=yes,
        as_json=as_json,
    )


def ordered(command: Callable[Concatenate[Wanted, P], None]) -> Callable[..., None]:
    """Give a command the options of `wanted_by`, before the last of which come its own.

    The command takes their values as its first argument.
    """
    shared = signature(wanted_by).parameters
    own = [*signature(command).parameters.values()][1:]
    names = [*shared]
    at = names.index("rate")
    parameters = [*(shared[name] for name in names[:at]), *own]
    parameters += [shared[name] for name in names[at:]]
    hints = {
        **get_type_hints(command, include_extras=True),
        **get_type_hints(wanted_by, include_extras=True),
    }

    @guarded
    def run(**values: Any) -> None:
        wanted = wanted_by(**{name: values.pop(name) for name in names if name in values})
        command(wanted, **values)  # type: ignore[call-arg]

    update_wrapper(run, command)
    run.__annotations__ = {each.name: hints[each.name] for each in parameters}
    run.__signature__ = Signature(  # type: ignore[attr-defined]
        [each.replace(annotation=hints[each.name]) for each in parameters]
    )
    return run


def where_filter(where: str | None) -> Filter:
    """Return the filter over rejections that `--where` gives; without terms for None.

    Raises:
        FilterError: It cannot be read.
    """
    from fanmill.core.filters import parse_filter
    from fanmill.core.filters.rejection_keys import REJECTION_KEYS

    return parse_filter(where or "", REJECTION_KEYS)


def _terms(**values: str | None) -> list[Term]:
    from fanmill.core.filters import parse_filter
    from fanmill.core.filters.rejection_keys import REJECTION_KEYS
    from fanmill.core.filters.terms import equal_to

    terms: list[Term] = []
    for key, value in values.items():
        if value is not None:
            # Read again: it checks the value against the known ones.
            terms += parse_filter(str(equal_to(key, value)), REJECTION_KEYS).terms
    return terms


def _named(ids: list[str]) -> tuple[str, ...]:
    from fanmill.core.entry_ids import is_entry_id
    from fanmill.ports import MAX_ACTION_IDS

    if len(ids) > MAX_ACTION_IDS:
        fail(Exit.USAGE, f"{len(ids):,} ids are named; at most {MAX_ACTION_IDS:,}, or a filter")
    wrong = [each for each in ids if not is_entry_id(each)]
    if wrong:
        fail_missing(wrong)
    return tuple(dict.fromkeys(ids))


def fail_missing(missing: list[str]) -> None:
    """End the command because there are no such rejections."""
    names = ", ".join(map(repr, missing))
    fail(Exit.FAILURE, f"no rejection {names} (fanmill rejected list)")


def read_rate(rate: str | None) -> float | None:
    """Return a rate per second; None for no limit. Ends the command if it cannot be read."""
    if rate is None:
        return None
    found = _RATE.fullmatch(rate)
    number = float(found[1]) if found else 0.0
    if found is None or not number:
        fail(Exit.USAGE, f"--rate is {rate[:60]!r}; expected a rate such as 500/s, 30/m or 10/h")
    return number / _PER_SECOND[found[2] or "s"]


def read_note(note: str) -> str:
    """Return the note; end the command if it is too long."""
    if len(note) > _MAX_NOTE_CHARACTERS:
        fail(
            Exit.USAGE,
            f"--note has {len(note):,} characters; the limit is {_MAX_NOTE_CHARACTERS:,}",
        )
    return note


def actor_name(actor: str | None) -> str:
    """Return who acts: as given, or user and host."""
    if actor is not None:
        return actor[:200]
    try:
        user = getuser()
    except (KeyError, OSError):
        # A container may run as a user without a name.
        user = f"uid-{os.getuid()}"
    return f"{user}@{os.uname().nodename}"
