"""The ledger in memory."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json, to_json

from fanmill.core.entry_ids import order_of
from fanmill.ports import (
    ORIGINAL_BEGINNING_BYTES,
    STAGES,
    Admission,
    Admitted,
    Committed,
    Entry,
    Events,
    Job,
    Overdue,
    Rejection,
    StageResult,
)
from fanmill.stores.event_field import event_body, event_field, unwrapped
from fanmill.stores.work_facts import traceparent_of
from fanmill.testing.outcomes import complete, received, reject
from fanmill.testing.server import Document, MemoryServer, Pending, Work
from fanmill_contracts import RejectionReason, limits
from fanmill_contracts.terms import Stage


class MemoryLedger:
    """`fanmill.ports.Ledger` in memory."""

    def __init__(self, server: MemoryServer) -> None:
        self._server = server

    def open(self) -> None:
        """Make stream and consumer group: there is nothing to make."""

    def in_flight(self) -> int:
        """Return how many entries have been read and are not complete."""
        return len(self._server.pending)

    def read(
        self,
        consumer: str,
        count: int,
        wait_seconds: float,  # noqa: ARG002
        enough_bytes: int = limits.MIB,
    ) -> list[Entry]:
        """Return up to `count` unread entries; never waits, as no other process writes."""
        server = self._server
        entries: list[Entry] = []
        total = 0
        while len(entries) < count and total < enough_bytes:
            entry_id = self._next_unread()
            if entry_id is None:
                break
            server.pending[entry_id] = Pending(consumer, server.now())
            server.read += 1
            entries.append(self._entry(entry_id))
            total += entries[-1].size
        return entries

    def _next_unread(self) -> str | None:
        server = self._server
        for queue in (server.express, server.unread):
            while queue:
                entry_id = queue.pop(0)
                # Others may have removed it unread, or it was read before earlier ones.
                if entry_id in server.ledger and entry_id not in server.pending:
                    return entry_id
        return None

    def _entry(self, entry_id: str) -> Entry:
        fields = self._server.ledger[entry_id]
        name = event_field(fields)
        if name is None:
            return Entry(entry_id, None, 0)
        body = fields[name]
        whole = len(body) <= limits.MAX_EVENT_BYTES
        read = unwrapped(body) if whole else body[:ORIGINAL_BEGINNING_BYTES]
        return Entry(entry_id, read, len(body))

    def lost_unread(self) -> int:
        """Count the entries that others removed unread; see the port."""
        server = self._server
        return max(0, server.added - server.read - (len(server.ledger) - len(server.pending)))

    def find_lost(self) -> int:
        """Look for entries in work that others removed; see the port."""
        server = self._server
        lost = [
            entry_id
            for entry_id, work in server.work.items()
            if entry_id not in server.ledger and not work.lost
        ]
        for entry_id, work in server.work.items():
            if entry_id in server.ledger and entry_id not in server.pending:
                server.pending[entry_id] = Pending("workers", server.now())
            work.lost = work.lost or entry_id in lost
        return len(lost)

    def admit(self, admissions: Sequence[Admission]) -> list[Admitted]:
        """Enter valid events into the work; see the port."""
        return [self._admit(admission) for admission in admissions]

    def _admit(self, admission: Admission) -> Admitted:
        server = self._server
        entry_id = admission.entry_id
        if not self._touch(entry_id):
            return "gone"
        if entry_id in server.work:
            return "known"
        identity = (admission.source, admission.event_id)
        if self._carried_by_another(identity, entry_id):
            server.remove(entry_id)
            return "repeated"
        server.events[identity] = entry_id
        document = server.documents.setdefault(admission.document_id, Document(entry_id))
        document.revisions += 1
        if order_of(document.newest) <= order_of(entry_id):
            document.newest, document.state, document.rejection = entry_id, "received", None
        known_members: dict[str, Any] = from_json(admission.record_prefix)
        known_members["received_at"] = from_json(received(server, entry_id))
        server.work[entry_id] = Work(
            to_json(known_members).decode(),
            admission.event_prefix,
            document.revisions,
            lost=entry_id not in server.ledger,
            span=admission.span,
        )
        return "gone" if server.work[entry_id].lost else "admitted"

    def _carried_by_another(self, identity: tuple[str, str], entry_id: str) -> bool:
        server = self._server
        carrier = server.events.get(identity)
        if carrier is None or carrier == entry_id:
            return False
        if carrier in server.work and carrier not in server.ledger:
            server.work[carrier].lost = True
            return False
        return True

    def _touch(self, entry_id: str) -> bool:
        held = self._server.pending.get(entry_id)
        if held is None:
            return False
        held.consumer, held.since = "workers", self._server.now()
        return True

    def overdue(self, idle_seconds: float, count: int) -> list[Overdue]:
        """Return entries that are idle for long, released or lost; see the port."""
        server = self._server
        in_order = sorted({*server.pending, *server.work}, key=order_of)
        late = [each for each in in_order if self._idle(each) >= idle_seconds][:count]
        at_once = [each for each in in_order if self._is_due(each) and each not in late]
        return [self._overdue(entry_id) for entry_id in (*late, *at_once[:count])]

    def _idle(self, entry_id: str) -> float:
        held = self._server.pending.get(entry_id)
        return -1.0 if held is None else self._server.now() - held.since

    def _is_due(self, entry_id: str) -> bool:
        work = self._server.work.get(entry_id)
        return work is not None and (work.lost or bool(work.released))

    def _overdue(self, entry_id: str) -> Overdue:
        work = self._server.work.get(entry_id)
        held = self._server.pending.get(entry_id)
        idle, deliveries = max(0.0, self._idle(entry_id)), 1 if held is None else held.deliveries
        if work is None or not work.record_prefix:
            return Overdue(entry_id, idle, deliveries, admitted=False, lost=work is not None)
        missing = tuple(stage for stage in STAGES if stage not in work.results)
        return Overdue(
            entry_id,
            idle,
            deliveries,
            admitted=True,
            missing=missing,
            attempts={stage: work.attempts.get(stage, 0) for stage in STAGES},
            causes=dict(work.causes),
            lost=work.lost,
            record_prefix=work.record_prefix,
            traceparent=traceparent_of(work.event_prefix.encode()),
            span=work.span,
            released=tuple(stage for stage in missing if stage in work.released),
        )

    def claim(self, consumer: str, entry_id: str, idle_seconds: float) -> Entry | None:
        """Claim one overdue entry; see the port."""
        server = self._server
        held = server.pending.get(entry_id)
        work = server.work.get(entry_id)
        if held is None or (work is not None and work.lost):
            return None
        if work is not None and work.released:
            work.released.clear()
        elif self._idle(entry_id) < idle_seconds:
            return None
        if entry_id not in server.ledger:
            server.work.setdefault(entry_id, Work("", "", 0)).lost = True
            return None
        held.consumer, held.since, held.deliveries = consumer, server.now(), held.deliveries + 1
        return self._entry(entry_id)

    def reject(self, rejections: Sequence[Rejection]) -> list[bool]:
        """Move entries to the rejected stream; see the port."""
        return [reject(self._server, rejection) for rejection in rejections]

    def deregister(self, consumer: str) -> None:
        """Remove the consumer from the group: names are not kept here."""

    def start(self, stage: Stage, entries: Sequence[str], read: Events | None = None) -> list[Job]:
        """Mark entries as being worked on and return those that need this stage; see the port."""
        server = self._server
        jobs = []
        for entry_id in entries:
            work = server.work.get(entry_id)
            if work is None or not work.record_prefix or work.lost or stage in work.results:
                continue
            body = event_body(server.ledger.get(entry_id, {}))
            if body is None:
                work.lost = True
                continue
            server.pending.setdefault(entry_id, Pending("workers", server.now()))
            self._touch(entry_id)
            work.attempts[stage] = work.attempts.get(stage, 0) + 1
            work.causes.pop(stage, None)
            work.released.discard(stage)
            event = from_json(body) if read is None else read[entry_id]
            jobs.append(Job(entry_id, event, work.attempts[stage], work.span))
        return jobs

    def commit(self, stage: Stage, results: Sequence[StageResult]) -> list[Committed]:
        """Store stage results; complete, announce and remove what lacks none; see the port."""
        return [self._commit(stage, result) for result in results]

    def _commit(self, stage: Stage, result: StageResult) -> Committed:
        server = self._server
        work = server.work.get(result.entry_id)
        if work is None or not work.record_prefix:
            return "gone"
        if stage in work.results:
            return "known"
        work.results[stage] = result
        last = result.closes or len(work.results) == len(STAGES)
        if last:
            server.remove(result.entry_id)
        if result.data_point:
            server.data_points.append(result.data_point)
        if not last:
            return "stored"
        complete(server, result, work)
        return "completed"

    def release(self, stage: Stage, entries: Sequence[str], cause: RejectionReason) -> int:
        """Give entries back: their attempt at a stage ended; see the port."""
        given_back = 0
        for entry_id in entries:
            work = self._server.work.get(entry_id)
            if work is None or stage in work.results:
                continue
            if stage == "deduplicate" or "deduplicate" in work.results:
                work.causes[stage] = cause
                work.released.add(stage)
                given_back += 1
        return given_back

    def uncount_attempt(self, stage: Stage, entries: Sequence[str]) -> None:
        """Uncount the last attempt; see the port."""
        for entry_id in entries:
            work = self._server.work.get(entry_id)
            if work is not None and work.attempts.get(stage, 0) > 0:
                work.attempts[stage] -= 1
