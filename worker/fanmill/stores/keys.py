"""Every Redis key of fanmill.

The three streams are part of the contract (`fanmill_contracts.streams`); the
others are fanmill's own and may change with any release. All keys of a
namespace live on one server: the scripts touch several of them at once.
"""

from typing import Final, NamedTuple

from fanmill_contracts import StreamNames

GROUP: Final = "fanmill"
"""The consumer group of all intakes."""

WORKERS: Final = "workers"
"""The consumer that holds what was admitted: an intake that dies takes nothing with it."""


class Keys(NamedTuple):
    """The keys of one namespace."""

    streams: StreamNames

    @property
    def ingested(self) -> str:
        """Stream: the ledger."""
        return self.streams.ingested

    @property
    def processed(self) -> str:
        """Stream: completed records."""
        return self.streams.processed

    @property
    def rejected(self) -> str:
        """Stream: rejections."""
        return self.streams.rejected

    def work(self, entry_id: str) -> str:
        """Hash: results, attempts and prefixes of one entry in flight; removed at its end."""
        return f"{self.streams.namespace}:work:{entry_id}"

    def document(self, document_id: str) -> str:
        """Hash: the record of one document, its state and the number of its revisions."""
        return self.streams.document(document_id)

    def event(self, source: str, event_id: str) -> str:
        """String: the entry that carries this event; what makes the same event the same."""
        # A separator that neither part may contain keeps ("a", "bc") and ("ab", "c") apart.
        identity = f"{source}\x00{event_id}".encode()
        from hashlib import blake2b  # noqa: PLC0415  a health check needs no digest

        return f"{self.streams.namespace}:event:{blake2b(identity, digest_size=16).hexdigest()}"

    @property
    def released(self) -> str:
        """Set: entries that were released or lost: the next reclaim looks at them."""
        return f"{self.streams.namespace}:released"

    @property
    def admitted(self) -> str:
        """Set: entries in work, whether the consumer group still holds them or not."""
        return f"{self.streams.namespace}:admitted"

    @property
    def reading(self) -> str:
        """Hash: how many entries were read, and how many were lost unread."""
        return f"{self.streams.namespace}:reading"

    @property
    def failed(self) -> str:
        """Sorted set: ids of the rejections by stages, by their milliseconds."""
        return f"{self.streams.namespace}:failed"

    @property
    def groups(self) -> str:
        """Sorted set: failure groups by the time of their last rejection in ms; at most 1,001."""
        return f"{self.streams.namespace}:groups"

    @property
    def closed_groups(self) -> str:
        """Sorted set: failure groups without open rejections, likewise."""
        return f"{self.streams.namespace}:groups:closed"

    def group(self, group_id: str) -> str:
        """Hash: counts of one failure group."""
        return f"{self.streams.namespace}:groups:{group_id}"

    @property
    def actions(self) -> str:
        """Sorted set: ids of bulk actions by the time of creation in ms."""
        return f"{self.streams.namespace}:actions"

    @property
    def running_actions(self) -> str:
        """Set: ids of the bulk actions that are neither done nor aborted."""
        return f"{self.streams.namespace}:actions:running"

    def action(self, action_id: str) -> str:
        """Hash: order, cursor, counts and owner of one bulk action; 90 days from its end."""
        return f"{self.streams.namespace}:actions:{action_id}"

    def selection(self, action_id: str) -> str:
        """List: ids of the documents that one bulk action erases; removed at its end."""
        return f"{self.streams.namespace}:actions:{action_id}:documents"

    def replayed(self, rejected_id: str) -> str:
        """Hash: new entry and action of a rejection that was replayed; the original if edited."""
        return f"{self.streams.namespace}:replayed:{rejected_id}"

    def replayed_as(self, entry_id: str) -> str:
        """String: new entry of a replayed rejection, by the id of it or of its entry."""
        return f"{self.streams.namespace}:replayed-as:{entry_id}"

    def forgotten(self, document_id: str) -> str:
        """String: the tombstone of a document: time in ms of its erasure, and action; 30 days."""
        return f"{self.streams.namespace}:forgotten:{document_id}"

    @property
    def express(self) -> str:
        """List: entries of the ledger that intake reads before the others."""
        return f"{self.streams.namespace}:express"

    @property
    def overtaken(self) -> str:
        """Sorted set: entries of the ledger that were read before earlier ones."""
        return f"{self.streams.namespace}:express:overtaken"

    @property
    def set_aside(self) -> str:
        """Stream: a ledger whose ids ran ahead of the clock, while its entries are moved."""
        return f"{self.streams.namespace}:set-aside"

    @property
    def nothing(self) -> str:
        """Key that never exists, for scripts that need none. Access rights know no empty name."""
        return f"{self.streams.namespace}:nothing"

    @property
    def results(self) -> str:
        """Sorted set: document ids by the time of completion in ms."""
        return f"{self.streams.namespace}:results"

    @property
    def results_by_entry(self) -> str:
        """Sorted set: document ids by the time in ms of the entry of their record, for traces."""
        return f"{self.streams.namespace}:results-by-entry"

    @property
    def counters(self) -> str:
        """Hash: what was counted since the namespace began; see `fanmill.stores.redis.history`."""
        return f"{self.streams.namespace}:counters"

    @property
    def history(self) -> str:
        """Prefix of hashes: counts of a minute (`m` and its number since 1970) or an hour (`h`)."""
        return f"{self.streams.namespace}:history:"

    @property
    def data_points(self) -> str:
        """List: documents that the aggregates of the corpus do not contain yet."""
        return f"{self.streams.namespace}:corpus:data-points"

    @property
    def corpus_version(self) -> str:
        """String: how often data points were worked in; keeps two processes apart."""
        return f"{self.streams.namespace}:corpus:version"

    def corpus_day(self, day: str) -> str:
        """Hash: aggregates of one day by source and language."""
        return f"{self.streams.namespace}:corpus:day:{day}"

    @property
    def processes(self) -> str:
        """Hash: running intakes, workers and sinks by name, with the time they were last seen."""
        return f"{self.streams.namespace}:processes"

    @property
    def sources(self) -> str:
        """Set: sources of admitted events, up to 1,000; a trace by event id tries them."""
        return f"{self.streams.namespace}:sources"

    @property
    def controls(self) -> str:
        """Hash: pauses of intake, stages and sinks, and requests to workers."""
        return f"{self.streams.namespace}:controls"

    @property
    def sinks(self) -> str:
        """Hash: registered sinks by name, with their store and the time they were last seen."""
        return f"{self.streams.namespace}:sinks"

    @property
    def outbox(self) -> str:
        """Hash: per stream what all sinks have stored; per sink how many entries it has seen."""
        return f"{self.streams.namespace}:outbox"

    @property
    def late(self) -> str:
        """Stream: outcomes that sinks read here: removed rejections, and unreadable ones again."""
        return f"{self.streams.namespace}:outbox:late"

    @property
    def unreadable(self) -> str:
        """Stream: outcomes that a sink has set aside, with the reason; at most some 1,000."""
        return f"{self.streams.namespace}:outbox:unreadable"

    def trends(self, language: str) -> str:
        """Prefix of what counts the terms of one language: hours, the long run, documents."""
        return f"{self.streams.namespace}:trends:{language}"
