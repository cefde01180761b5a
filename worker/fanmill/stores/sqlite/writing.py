"""Writing outcomes: which are new, and what changes for them."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fanmill.core.entry_ids import order_of
from fanmill.core.filters.record_values import milliseconds
from fanmill.core.filters.rejection_values import rejection_values
from fanmill.ports import CompletedEntry, Outcome, OutcomeRefused, RejectedOutcome, SaveCounts
from fanmill.stores.record_blob import RecordCoder
from fanmill.stores.sqlite.facets import record_tokens, rejection_tokens
from fanmill.stores.sqlite.removing import remove_records


@dataclass(slots=True)
class _Tally:
    stored: int = 0
    repeated: int = 0
    outdated: int = 0
    forgotten: int = 0
    rejections: int = 0

    def counts(self) -> SaveCounts:
        return SaveCounts(
            self.stored, self.repeated, self.outdated, self.forgotten, self.rejections
        )


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """A completed entry with its columns, made before the database is locked."""

    document_id: str
    entry_id: str
    completed: int
    received: int | None
    duplicate_of: str | None
    blob: bytes
    fingerprint: bytes
    tokens: str


@dataclass(frozen=True, slots=True)
class PreparedRejection:
    """A rejection with its columns."""

    rejected_id: str
    document_id: str | None
    rejected: int
    taken: int
    """Time at which the ledger took the event, in ms since 1970."""
    blob: bytes
    tokens: str


@dataclass(slots=True)
class Prepared:
    """Outcomes of a call, in order."""

    entries: list[PreparedEntry] = field(default_factory=list)
    rejections: list[PreparedRejection] = field(default_factory=list)


def prepared(outcomes: Iterable[Outcome], coder: RecordCoder) -> Prepared:
    """Return the columns of outcomes.

    Raises:
        OutcomeRefused: An outcome is no record.
    """
    found = Prepared()
    for outcome in outcomes:
        if isinstance(outcome, CompletedEntry):
            try:
                found.entries.append(_entry(outcome, coder))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise OutcomeRefused(
                    f"entry {outcome.entry_id} holds no record: {type(error).__name__}"
                ) from error
        else:
            found.rejections.append(_rejection(outcome, coder))
    return found


def _entry(outcome: CompletedEntry, coder: RecordCoder) -> PreparedEntry:
    record = outcome.record
    order_of(outcome.entry_id)
    received = record.get("received_at")
    return PreparedEntry(
        str(record["document_id"]),
        outcome.entry_id,
        milliseconds(record["completed_at"]),
        None if received is None else milliseconds(received),
        record["deduplication"].get("duplicate_of"),
        coder.compressed(outcome.record_json),
        outcome.fingerprint,
        record_tokens(record),
    )


def _rejection(outcome: RejectedOutcome, coder: RecordCoder) -> PreparedRejection:
    data = outcome.event.data
    values = rejection_values(outcome.rejected_id, outcome.event)
    rejected = values["rejected"]
    assert isinstance(rejected, int)  # noqa: S101
    taken = rejected if data.received_at is None else int(data.received_at.timestamp() * 1000)
    return PreparedRejection(
        outcome.rejected_id,
        data.document_id,
        rejected,
        taken,
        coder.compressed(outcome.event.model_dump_json().encode()),
        rejection_tokens(values),
    )


def write(connection: sqlite3.Connection, outcomes: Prepared, coder: RecordCoder) -> SaveCounts:
    """Write outcomes in the transaction that is open."""
    tally = _Tally()
    tombstones = _tombstones(connection, outcomes)
    _write_entries(connection, outcomes.entries, tombstones, tally, coder)
    _write_rejections(connection, outcomes.rejections, tombstones, tally)
    return tally.counts()


def _tombstones(connection: sqlite3.Connection, outcomes: Prepared) -> Mapping[str, int]:
    ids = {each.document_id for each in outcomes.entries}
    ids |= {each.document_id for each in outcomes.rejections if each.document_id is not None}
    return dict(
        connection.execute(
            "SELECT document_id, forgotten FROM tombstones"
            " WHERE document_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(ids)),),
        )
    )


def _write_entries(
    connection: sqlite3.Connection,
    entries: Sequence[PreparedEntry],
    tombstones: Mapping[str, int],
    tally: _Tally,
    coder: RecordCoder,
) -> None:
    ids = json.dumps([each.document_id for each in entries])
    kept: dict[str, str] = dict(
        connection.execute(
            "SELECT document_id, entry_id FROM records"
            " WHERE document_id IN (SELECT value FROM json_each(?))",
            (ids,),
        )
    )
    replaced = set()
    new: dict[str, PreparedEntry] = {}
    for entry in entries:
        before = kept.get(entry.document_id)
        order = order_of(entry.entry_id)
        if order[0] < tombstones.get(entry.document_id, 0):
            tally.forgotten += 1
        elif before is not None and order_of(before) >= order:
            tally.repeated += before == entry.entry_id
            tally.outdated += before != entry.entry_id
        else:
            tally.stored += 1
            if before is not None and entry.document_id not in new:
                replaced.add(entry.document_id)
            kept[entry.document_id] = entry.entry_id
            # The last place in the order of a call is the one of the newest revision.
            new.pop(entry.document_id, None)
            new[entry.document_id] = entry
    remove_records(connection, replaced, coder)
    _insert_records(connection, list(new.values()))


def _insert_records(connection: sqlite3.Connection, entries: Sequence[PreparedEntry]) -> None:
    if not entries:
        return
    first = _last_position(connection, "records") + 1
    connection.executemany(
        "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (position, each.document_id, each.entry_id, each.completed, each.received,
             each.duplicate_of, each.blob, each.fingerprint)
            for position, each in enumerate(entries, first)
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO records_search (rowid, tokens) VALUES (?, ?)",
        ((position, each.tokens) for position, each in enumerate(entries, first)),
    )
    connection.executemany(
        "INSERT INTO clusters VALUES (?, 1)"
        " ON CONFLICT (original) DO UPDATE SET duplicates = duplicates + 1",
        ((each.duplicate_of,) for each in entries if each.duplicate_of is not None),
    )


def _last_position(connection: sqlite3.Connection, table: str) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(row[0]) if row else 0


def _write_rejections(
    connection: sqlite3.Connection,
    rejections: Sequence[PreparedRejection],
    tombstones: Mapping[str, int],
    tally: _Tally,
) -> None:
    if not rejections:
        return
    kept = {
        row[0]
        for row in connection.execute(
            "SELECT rejected_id FROM rejections"
            " WHERE rejected_id IN (SELECT value FROM json_each(?))",
            (json.dumps([each.rejected_id for each in rejections]),),
        )
    }
    position = _last_position(connection, "rejections")
    for each in rejections:
        if each.rejected_id in kept:
            tally.repeated += 1
        elif each.document_id is not None and each.taken < tombstones.get(each.document_id, 0):
            tally.forgotten += 1
        else:
            kept.add(each.rejected_id)
            position += 1
            tally.rejections += 1
            connection.execute(
                "INSERT INTO rejections VALUES (?, ?, ?, ?, ?)",
                (position, each.rejected_id, each.document_id, each.rejected, each.blob),
            )
            connection.execute(
                "INSERT INTO rejections_search (rowid, tokens) VALUES (?, ?)",
                (position, each.tokens),
            )
