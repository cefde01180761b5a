"""The ledger in memory."""

from collections.abc import Sequence

from pydantic_core import from_json

from fanmill.core.entry_ids import order_of, rfc3339
from fanmill.ports import (
    STAGES,
    Admission,
    Admitted,
    Committed,
    Entry,
    Job,
    Overdue,
    RejectedEntry,
    Rejection,
    StageResult,
)
from fanmill.stores.rejection_event import rejection_prefix
from fanmill.testing.server import Document, MemoryServer, Pending, Work
from fanmill_contracts import (
    DocumentProcessed,
    DocumentRejected,
    DocumentResult,
    RejectionReason,
)
from fanmill_contracts.results import Stage
from fanmill_contracts.streams import EVENT_FIELD


class MemoryLedger:
    """`fanmill.ports.Ledger` in memory."""

    def __init__(self, server: MemoryServer) -> None:
        self._server = server

    def open(self) -> None:
        """Make stream and consumer group: there is nothing to make."""

    def in_flight(self) -> int:
        """Return how many entries have been read and are not complete."""
        return len(self._server.pending)

    def read(self, consumer: str, count: int, wait_seconds: float) -> list[Entry]:  # noqa: ARG002
        """Return up to `count` unread entries; never waits, as nobody else could write."""
        server = self._server
        taken, server.unread = server.unread[:count], server.unread[count:]
        for entry_id in taken:
            server.pending[entry_id] = Pending(consumer, server.now())
        return [Entry(entry_id, server.ledger[entry_id].get(EVENT_FIELD)) for entry_id in taken]

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
        carrier = server.events.setdefault((admission.source, admission.event_id), entry_id)
        if carrier != entry_id:
            server.remove(entry_id)
            return "repeated"
        document = server.documents.setdefault(admission.document_id, Document(entry_id))
        document.revisions += 1
        if order_of(document.newest) <= order_of(entry_id):
            document.newest, document.state, document.rejection = entry_id, "received", None
        server.work[entry_id] = Work(
            admission.record_prefix, admission.event_prefix, document.revisions
        )
        return "admitted"

    def _touch(self, entry_id: str) -> bool:
        held = self._server.pending.get(entry_id)
        if held is None:
            return False
        held.consumer, held.since = "workers", self._server.now()
        return True

    def overdue(self, idle_seconds: float, count: int) -> list[Overdue]:
        """Return entries that are idle for long or released; see the port."""
        server = self._server
        in_order = sorted(server.pending, key=order_of)
        late = [each for each in in_order if self._idle(each) >= idle_seconds][:count]
        released = [each for each in in_order if self._is_released(each) and each not in late]
        return [self._overdue(entry_id) for entry_id in (*late, *released[:count])]

    def _idle(self, entry_id: str) -> float:
        return self._server.now() - self._server.pending[entry_id].since

    def _is_released(self, entry_id: str) -> bool:
        work = self._server.work.get(entry_id)
        return work is not None and bool(work.released)

    def _overdue(self, entry_id: str) -> Overdue:
        work = self._server.work.get(entry_id)
        idle, deliveries = self._idle(entry_id), self._server.pending[entry_id].deliveries
        if work is None:
            return Overdue(entry_id, idle, deliveries, admitted=False)
        missing = tuple(stage for stage in STAGES if stage not in work.results)
        return Overdue(
            entry_id,
            idle,
            deliveries,
            admitted=True,
            missing=missing,
            attempts={stage: work.attempts.get(stage, 0) for stage in STAGES},
            causes=dict(work.causes),
            released=tuple(stage for stage in missing if stage in work.released),
        )

    def claim(self, consumer: str, entry_id: str, idle_seconds: float) -> Entry | None:
        """Claim one overdue entry; see the port."""
        server = self._server
        held = server.pending.get(entry_id)
        released = self._is_released(entry_id)
        if held is None or not (released or self._idle(entry_id) >= idle_seconds):
            return None
        if released:
            server.work[entry_id].released.clear()
        held.consumer, held.since, held.deliveries = consumer, server.now(), held.deliveries + 1
        return Entry(entry_id, server.ledger[entry_id].get(EVENT_FIELD))

    def reject(self, rejections: Sequence[Rejection]) -> list[bool]:
        """Move entries to the rejected stream; see the port."""
        return [self._reject(rejection) for rejection in rejections]

    def _reject(self, rejection: Rejection) -> bool:
        server = self._server
        work = server.work.get(rejection.entry_id)
        original = dict(server.ledger.get(rejection.entry_id, {}))
        if not server.remove(rejection.entry_id):
            return False
        attempts = rejection.attempts
        if work is not None and rejection.place != "intake":
            # The only attempt may have been uncounted; a rejection still counts at least one.
            attempts = max(1, work.attempts.get(rejection.place, attempts))
        time = rfc3339(int(server.now() * 1000))
        event = DocumentRejected.model_validate_json(
            f'{rejection_prefix(rejection)},"attempts":{attempts},"rejected_at":"{time}"}},'
            f'"time":"{time}"}}'
        )
        rejected_id = server.next_id()
        server.rejected[rejected_id] = RejectedEntry(rejected_id, event, original)
        document = server.documents.get(rejection.document_id or "")
        if document is not None and document.newest == rejection.entry_id:
            document.state, document.rejection = "rejected", rejected_id
        return True

    def deregister(self, consumer: str) -> None:
        """Take the consumer's name off the group: names are not kept here."""

    def start(self, stage: Stage, entries: Sequence[str]) -> list[Job]:
        """Mark entries as being worked on and return those that need this stage."""
        server = self._server
        jobs = []
        for entry_id in entries:
            work = server.work.get(entry_id)
            if work is None or stage in work.results or not self._touch(entry_id):
                continue
            work.attempts[stage] = work.attempts.get(stage, 0) + 1
            work.causes.pop(stage, None)
            work.released.discard(stage)
            jobs.append(Job(entry_id, from_json(server.ledger[entry_id][EVENT_FIELD])))
        return jobs

    def commit(self, stage: Stage, results: Sequence[StageResult]) -> list[Committed]:
        """Store stage results; complete, announce and remove what lacks none; see the port."""
        return [self._commit(stage, result) for result in results]

    def _commit(self, stage: Stage, result: StageResult) -> Committed:
        server = self._server
        work = server.work.get(result.entry_id)
        if work is None:
            return "gone"
        if stage in work.results:
            return "known"
        work.results[stage] = result
        last = result.closes or len(work.results) == len(STAGES)
        if last and not server.remove(result.entry_id):
            return "gone"
        if result.data_point:
            server.data_points.append(result.data_point)
        if not last:
            return "stored"
        self._complete(result, work)
        return "completed"

    def _complete(self, result: StageResult, work: Work) -> None:
        server = self._server
        now = server.now()
        time = rfc3339(int(now * 1000))
        in_order = [work.results[stage] for stage in STAGES if stage in work.results]
        members = ",".join(done.members for done in in_order if done.members)
        problems = ",".join(done.problems for done in in_order if done.problems)
        record = (
            f'{{{work.record_prefix},"revision":{work.revision},"completed_at":"{time}",'
            f'{members},"problems":[{problems}]}}'
        )
        server.processed.append(
            DocumentProcessed.model_validate_json(
                f'{{{work.event_prefix},"time":"{time}","data":{record}}}'
            )
        )
        # Forgotten while its event was in flight: this is all there is.
        document = server.documents.setdefault(
            result.document_id, Document(result.entry_id, revisions=work.revision)
        )
        if document.entry is None or order_of(document.entry) < order_of(result.entry_id):
            document.entry = result.entry_id
            document.record = DocumentResult.model_validate_json(record)
            server.completions.pop(result.document_id, None)
            server.completions[result.document_id] = now
        if document.newest == result.entry_id:
            document.state, document.rejection = "complete", None

    def release(self, stage: Stage, entries: Sequence[str], cause: RejectionReason) -> None:
        """Give entries back: their attempt at a stage ended; see the port."""
        for entry_id in entries:
            work = self._server.work.get(entry_id)
            if work is not None and stage not in work.results:
                work.causes[stage] = cause
                work.released.add(stage)

    def uncount_attempt(self, stage: Stage, entries: Sequence[str]) -> None:
        """Uncount the last attempt; see the port."""
        for entry_id in entries:
            work = self._server.work.get(entry_id)
            if work is not None and work.attempts.get(stage, 0) > 0:
                work.attempts[stage] -= 1
