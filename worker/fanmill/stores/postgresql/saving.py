"""Saves: what is new is decided under a lock, and copied into the tables.

Saves, erasures and expiry take one advisory lock each for its transaction. So positions appear in
their order: a reader that follows them by "above the last one I saw" skips none. With free
transactions a lower position could become visible after a higher one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from fanmill.core.entry_ids import order_of, rfc3339
from fanmill.ports.store import CompletedEntry, Outcome, OutcomeRefused, RejectedOutcome, SaveCounts
from fanmill.stores.facets_state import REBUILD, VERSION, require_facets
from fanmill.stores.postgresql.connection import Connection
from fanmill.stores.postgresql.rows import COLUMNS, copy_text, plain, record_rows
from fanmill.stores.postgresql.search_terms import FACETS_VERSION

SAVE_LOCK: Final = 0x66616E6D696C6C02
"""Advisory lock of everything that changes records: `fanmill` in ASCII and a number."""

REJECTION_COLUMNS: Final = (
    *("rejected_id", "document_id", "event_id", "source", "reason", "stage", "failure_group"),
    *("attempts", "rejected_at", "folded_error", "event"),
)


def lock_changes(connection: Connection) -> None:
    """Wait for other changes of records, and keep them waiting until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (SAVE_LOCK,))


def facts(connection: Connection) -> dict[str, str]:
    """Return the facts of a store about its facets."""
    found = connection.execute(
        "SELECT name, value FROM fanmill_store_meta WHERE name IN (%s, %s)", (VERSION, REBUILD)
    )
    return dict(found.fetchall())


def save(connection: Connection, outcomes: Sequence[Outcome]) -> SaveCounts:
    """Store outcomes in a transaction of their own, durable on return.

    Raises:
        OutcomeRefused: An outcome cannot be stored; then nothing of this call is.
    """
    entries = [each for each in outcomes if isinstance(each, CompletedEntry)]
    rejections = [each for each in outcomes if isinstance(each, RejectedOutcome)]
    # Rows are made before the lock is taken: others save meanwhile.
    rows = dict(zip(map(id, entries), record_rows(entries), strict=True))
    counts: Counter[str] = Counter()
    with connection.transaction():
        lock_changes(connection)
        require_facets(facts(connection), FACETS_VERSION)
        _save_records(connection, entries, rows, counts)
        _save_rejections(connection, rejections, counts)
    return SaveCounts(
        *(counts[each] for each in ("stored", "repeated", "outdated", "forgotten", "rejections"))
    )


def _save_records(
    connection: Connection,
    entries: Sequence[CompletedEntry],
    rows: dict[int, str],
    counts: Counter[str],
) -> None:
    if not entries:
        return
    ids = list({document_of(each) for each in entries})
    stored: dict[str, str] = dict(
        connection.execute(
            "SELECT document_id, entry_id FROM fanmill_records WHERE document_id = ANY(%s)", (ids,)
        ).fetchall()
    )
    replaced = set(stored)
    forgotten = _forgotten(connection, ids)
    wanted: dict[str, CompletedEntry] = {}
    for each in entries:
        document_id = document_of(each)
        known = stored.get(document_id)
        order = order_of(each.entry_id)
        if order[0] < forgotten.get(document_id, 0):
            counts["forgotten"] += 1
        elif known is not None and order <= order_of(known):
            counts["repeated" if each.entry_id == known else "outdated"] += 1
        else:
            counts["stored"] += 1
            stored[document_id] = each.entry_id
            # The last one of a document in a call has the highest position.
            wanted.pop(document_id, None)
            wanted[document_id] = each
    if not wanted:
        return
    replaced &= set(wanted)
    if replaced:
        connection.execute(
            "DELETE FROM fanmill_records WHERE document_id = ANY(%s)", (list(replaced),)
        )
    copy_rows(connection, "fanmill_records", COLUMNS, (rows[id(each)] for each in wanted.values()))


def document_of(entry: CompletedEntry) -> str:
    """Return the document id of an entry, as its column has it.

    Raises:
        OutcomeRefused: It has none.
    """
    document_id = entry.record.get("document_id")
    if not isinstance(document_id, str):
        raise OutcomeRefused(f"entry {entry.entry_id} has no document id")
    return plain(document_id)


def _forgotten(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Return when documents were forgotten, in ms since 1970, rounded up."""
    found = connection.execute(
        "SELECT document_id, ceil(extract(epoch FROM forgotten_at) * 1000)::bigint"
        " FROM fanmill_tombstones WHERE document_id = ANY(%s)",
        (ids,),
    )
    return dict(found.fetchall())


def _save_rejections(
    connection: Connection, rejections: Sequence[RejectedOutcome], counts: Counter[str]
) -> None:
    if not rejections:
        return
    ids = [each.rejected_id for each in rejections]
    found = connection.execute(
        "SELECT rejected_id FROM fanmill_rejections WHERE rejected_id = ANY(%s)", (ids,)
    )
    known = {each[0] for each in found.fetchall()}
    documents = [each.event.data.document_id for each in rejections]
    forgotten = _forgotten(connection, [each for each in documents if each is not None])
    rows = []
    for each in rejections:
        if _taken_ms(each) < forgotten.get(each.event.data.document_id or "", 0):
            counts["forgotten"] += 1
        elif each.rejected_id in known:
            counts["repeated"] += 1
        else:
            counts["rejections"] += 1
            known.add(each.rejected_id)
            rows.append(rejection_row(each))
    copy_rows(connection, "fanmill_rejections", REJECTION_COLUMNS, rows)


def _taken_ms(rejection: RejectedOutcome) -> int:
    """Return when the ledger took the event of a rejection; the rejection, if that is unknown."""
    received = rejection.event.data.received_at
    if received is None:
        return order_of(rejection.rejected_id)[0]
    return int(received.timestamp() * 1000)


def rejection_row(rejection: RejectedOutcome) -> str:
    """Return the row of a rejection as a line of `COPY`."""
    data = rejection.event.data
    written = rejection.event.model_dump_json(exclude_none=True).replace("\\u0000", "\\ufffd")
    texts = (data.document_id, data.event_id, data.source, data.reason, data.stage, data.group)
    cells = [
        rejection.rejected_id,
        *map(copy_text, texts),
        str(data.attempts),
        rfc3339(order_of(rejection.rejected_id)[0]),
        copy_text(data.error.casefold()),
        copy_text(written),
    ]
    return "\t".join(cells) + "\n"


def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[str]
) -> None:
    """Add rows in the text form of `COPY` to a table."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        copy.write("".join(rows))
