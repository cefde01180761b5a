"""Bulk actions before they exist: what is chosen, and what would happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from fanmill.actions.outcomes import left_out
from fanmill.actions.slices import preview
from fanmill.core.edited_event import UnreadableEdit, read_edit
from fanmill.core.entry_ids import is_entry_id
from fanmill.core.filters import FilterError, parse_filter
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.ports import MAX_ACTION_IDS, Action, ActionKind, ActionOrder, ActionOutcome
from fanmill.screens.acts import Refused
from fanmill.screens.reading import PartitionReader, Reader

KINDS: Final[tuple[ActionKind, ...]] = ("replay", "edit", "drop")
_VERBS: Final = {"replay": "replayed", "edit": "replayed with the edits", "drop": "dropped"}
MAX_RATE: Final = 1_000_000.0


@dataclass(frozen=True, slots=True)
class DryRun:
    """The outcome that an action would have now.

    Attributes:
        acts: Number of rejections that it would act on.
        left: Number of those that it would leave out.
        text: Both in words.
        whole: Whether all rejections were looked at; the numbers are of the oldest otherwise.
    """

    acts: int
    left: int
    text: str
    whole: bool = True


def read_order(values: Mapping[str, str], actor: str, note: str = "") -> ActionOrder:
    """Return the order that the fields of a form describe; ids are still those of rows.

    Args:
        values: `kind`, and `where` or `ids` (separated by commas), `edits` (a line each), `event`,
            `rate` and `first`.
        actor: Name of the viewer.
        note: The reason.

    Raises:
        Refused: A value cannot be read; the text says which.
    """
    kind = values.get("kind", "replay")
    if kind not in KINDS:
        raise Refused(f"The kind is {kind[:40]!r}; it is one of {', '.join(KINDS)}.")
    ids = tuple(dict.fromkeys(each for each in values.get("ids", "").split(",") if each))
    if len(ids) > MAX_ACTION_IDS:
        raise Refused(
            f"{len(ids):,} rejections are named; at most {MAX_ACTION_IDS:,}, or use a filter."
        )
    where = "" if ids else values.get("where", "").strip()
    try:
        # As the filter language writes it: the same in every record of it.
        where = str(parse_filter(where, REJECTION_KEYS))
        lines = [line.strip() for line in values.get("edits", "").splitlines()]
        edits = dict(read_edit(line) for line in lines if line)
    except (FilterError, UnreadableEdit) as error:
        raise Refused(f"{error}.") from None
    if kind != "edit":
        edits = {}
    return ActionOrder(
        kind=kind,
        actor=actor[:200],
        where=where,
        ids=ids,
        edits=edits,
        rate=_rate(values.get("rate", "").strip()),
        first=bool(values.get("first")) and kind != "drop",
        note=note,
    )


def _rate(text: str) -> float | None:
    if not text:
        return None
    try:
        rate = float(text.removesuffix("/s"))
    except ValueError:
        rate = 0.0
    if not 0 < rate <= MAX_RATE:
        raise Refused(f"The rate is {text[:40]!r}; it is a number per second such as 500.")
    return rate


def shares(reader: Reader, order: ActionOrder) -> list[tuple[PartitionReader, ActionOrder]]:
    """Return the order of each partition that has a part in it, with the ids of rejections.

    Raises:
        Refused: An id names no partition or is none of a rejection.
    """
    if not order.ids:
        return [(partition, order) for partition in reader.partitions]
    named: dict[str, list[str]] = {str(each.number): [] for each in reader.partitions}
    for each in order.ids:
        number, _, rejected_id = each.partition(":")
        if number not in named or not is_entry_id(rejected_id):
            raise Refused(f"{each[:60]!r} is no id of a rejection.")
        named[number].append(rejected_id)
    return [
        (partition, replace(order, ids=tuple(named[str(partition.number)])))
        for partition in reader.partitions
        if named[str(partition.number)]
    ]


def dry_run(reader: Reader, order: ActionOrder, most: int | None = None) -> DryRun:
    """Return what an order would do now; nothing changes.

    Args:
        reader: The reader.
        order: The order.
        most: Number of rejections of each partition to look at, the oldest first, unless they are
            named; None for all.

    Raises:
        Refused: An id is none of a rejection.
    """
    outcomes: dict[ActionOutcome, int] = {}
    most = None if order.ids else most
    looked, total = 0, 0
    for partition, own in shares(reader, order):
        wiring = partition.wiring
        for name, number in preview(wiring.actions.draft(own), wiring.rejections, most).items():
            outcomes[name] = outcomes.get(name, 0) + number
        if most is not None:
            count = wiring.rejections.count()
            looked, total = looked + min(count, most), total + count
    acts = outcomes.get("dropped" if order.kind == "drop" else "replayed", 0)
    left, reasons = left_out(outcomes)
    text = f"{acts:,} would be {_VERBS[order.kind]}"
    text += f"; {left:,} would not: {reasons}." if left else "."
    if looked < total:
        text = f"Of the oldest {looked:,} of {total:,} rejections, {text}"
    return DryRun(acts, left, text, whole=looked == total)


def create(reader: Reader, order: ActionOrder) -> list[Action]:
    """Create the action in each partition that has rejections of it; return them.

    Raises:
        Refused: There is nothing to act on.
    """
    made = []
    for partition, own in shares(reader, order):
        wiring = partition.wiring
        if len(reader.partitions) > 1 and not own.ids:
            outcomes = preview(wiring.actions.draft(own), wiring.rejections)
            if not outcomes.get("dropped" if own.kind == "drop" else "replayed"):
                continue
        made.append(wiring.actions.create(own))
    if not made:
        raise Refused("No rejection matches any more; nothing was done.")
    return made


def bulk_address(
    kind: str, *, where: str = "", ids: Sequence[str] = (), first: bool = False
) -> str:
    """Return the address of the dry run of an action."""
    values = {"kind": kind}
    values |= {"ids": ",".join(ids)} if ids else {"where": where}
    if first:
        values["first"] = "on"
    return f"actions/new?{urlencode(values)}"
