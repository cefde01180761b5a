"""The composition root: the one place where settings become objects."""

# The command line starts with this module. Its commands must not pay for Celery, numpy or the
# analysis when they only ask the server, so each property imports what it builds.
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fanmill.settings import DAY_SECONDS, Settings

if TYPE_CHECKING:
    from celery import Celery
    from redis import Redis

    from fanmill.intake import Intake
    from fanmill.ops.heartbeat import Heartbeat
    from fanmill.ops.process_registry import Role
    from fanmill.ports import Tracing
    from fanmill.shell.continuing import Continuing
    from fanmill.shell.dispatch import CeleryDispatcher
    from fanmill.shell.worker import PerProcess
    from fanmill.steps import Functions, Services
    from fanmill.stores.index import RedisFingerprintIndex
    from fanmill.stores.keys import Keys
    from fanmill.stores.redis import (
        RedisActions,
        RedisControls,
        RedisCorpus,
        RedisLedger,
        RedisRecords,
        RedisRejections,
        RedisTrends,
    )
    from fanmill.stores.redis.sinks import RedisSinks
    from fanmill_contracts.terms import Stage

SERVICE_RETRY_SECONDS: Final = 10.0
"""Time for which a service repeats a command: enough for a restart of the server."""

CLI_RETRY_SECONDS: Final = 1.0
"""Time for which a command of the command line repeats a request: a person waits."""

_BRIEF_SECONDS: Final = 1.0


def server_failures() -> tuple[type[Exception], ...]:
    """Return the errors of a server that is away, full or loading, directly and through Celery."""
    from kombu.exceptions import OperationalError
    from redis.exceptions import RedisError

    return (RedisError, OperationalError)


@dataclass(frozen=True)
class Wiring:
    """The objects of one process, each built from the settings on first use."""

    settings: Settings
    functions: Functions | None = None
    """Functions of the stages; None for the functions of the settings."""
    retry_seconds: float = SERVICE_RETRY_SECONDS

    @cached_property
    def redis(self) -> Redis:
        """The client of this process."""
        from fanmill.stores.redis.connection import connect

        return connect(self.settings.redis_url.get_secret_value(), self.retry_seconds)

    @cached_property
    def keys(self) -> Keys:
        """The keys of the namespace."""
        from fanmill.stores.keys import Keys

        return Keys(self.settings.streams)

    @cached_property
    def ledger(self) -> RedisLedger:
        """The ledger."""
        from fanmill.stores.redis import RedisLedger

        retention_days = self.settings.result_retention_days
        return RedisLedger(
            self.redis,
            self.keys,
            result_retention_seconds=(
                None if retention_days is None else retention_days * DAY_SECONDS
            ),
            processed_stream_maxlen=self.settings.processed_stream_maxlen,
            idempotency_window_seconds=self.settings.idempotency_window_days * DAY_SECONDS,
        )

    @cached_property
    def index(self) -> RedisFingerprintIndex:
        """The index of all documents seen."""
        from fanmill.stores.index import RedisFingerprintIndex, connect_index

        url = self.settings.index_url.get_secret_value()
        client = connect_index(url, self.retry_seconds) if url else self.redis
        return RedisFingerprintIndex(
            client, self.settings.index_namespace, self.settings.dedup_parameters
        )

    @cached_property
    def records(self) -> RedisRecords:
        """The results."""
        from fanmill.stores.redis import RedisRecords

        return RedisRecords(self.redis, self.keys)

    @cached_property
    def corpus(self) -> RedisCorpus:
        """All documents in numbers."""
        from fanmill.stores.redis import RedisCorpus

        return RedisCorpus(
            self.redis, self.keys, retention_days=self.settings.corpus_retention_days
        )

    @cached_property
    def controls(self) -> RedisControls:
        """Orders of operators."""
        from fanmill.stores.redis import RedisControls

        return RedisControls(self.redis, self.keys)

    @cached_property
    def rejections(self) -> RedisRejections:
        """The rejections."""
        from fanmill.stores.redis import RedisRejections

        return RedisRejections(self.redis, self.keys)

    @cached_property
    def actions(self) -> RedisActions:
        """The bulk actions on rejections."""
        from fanmill.stores.redis import RedisActions

        return RedisActions(self.redis, self.keys)

    @cached_property
    def sinks(self) -> RedisSinks:
        """The registered sinks."""
        from fanmill.stores.redis.sinks import RedisSinks

        return RedisSinks(self.redis, self.keys)

    @cached_property
    def trends(self) -> RedisTrends:
        """The document frequencies of the stream."""
        from fanmill.stores.redis import RedisTrends

        return RedisTrends(self.redis, self.keys, self.settings.trends_max_terms)

    @cached_property
    def sender(self) -> Celery:
        """The Celery app without its tasks: an intake sends them and loads no function."""
        from fanmill.shell.app import build_celery
        from fanmill_contracts.addresses import ServerAddress

        settings = self.settings
        return build_celery(
            ServerAddress.parse(settings.redis_url.get_secret_value()),
            settings.namespace,
            task_time_limit_seconds=settings.task_time_limit_seconds,
            worker_max_batches=settings.worker_max_batches,
        )

    @cached_property
    def celery(self) -> Celery:
        """The Celery app with its tasks, which build their services after the fork."""
        from fanmill.shell.tasks import register

        register(self.sender, self.worker_services, self.continuing)
        return self.sender

    @cached_property
    def continuing(self) -> Continuing:
        """Stages with which a worker of `celery` goes on by itself."""
        from fanmill.shell.continuing import Continuing

        return Continuing(self.settings.task_time_limit_seconds)

    @cached_property
    def dispatcher(self) -> CeleryDispatcher:
        """Sends batches to the workers."""
        from fanmill.shell.dispatch import CeleryDispatcher

        return CeleryDispatcher(self.sender, self.redis, self.settings.namespace)

    def tracing(self, role: str) -> Tracing:
        """Return the tracing of this process; call it after the last fork."""
        from fanmill.ports import NoTracing
        from fanmill.setting_values import otel_wanted

        if not otel_wanted(self.settings.otel_enabled):
            return NoTracing()
        from fanmill.ops.tracing.setup import tracing

        return tracing(role, self.settings.namespace, self.settings.streams.ingested)

    @cached_property
    def stage_functions(self) -> Functions:
        """Functions of the stages.

        Raises:
            ValueError: See `functions_of`.
        """
        from fanmill.stage_functions import functions_of

        return self.functions or functions_of(self.settings)

    @cached_property
    def worker_services(self) -> PerProcess:
        """Services of the steps in this process."""
        # Modules that are loaded before the fork are shared by all processes of a pool.
        import fanmill.core.stages
        import fanmill.stores.index
        import fanmill.stores.redis.corpus
        import fanmill.stores.redis.ledger
        import fanmill.stores.redis.trends
        import fanmill.tagger_set  # noqa: F401
        from fanmill.shell.worker import PerProcess

        return PerProcess(self._forked_services)

    def _forked_services(self) -> Services:
        from fanmill.core.dedup.partition import partition
        from fanmill.shell.dispatch import CeleryDispatcher
        from fanmill.steps import Services

        fresh = Wiring(self.settings)  # no connection outlives a fork
        return Services(
            ledger=fresh.ledger,
            index=fresh.index,
            # The app is the one that runs the task; Celery renews its connections itself.
            dispatcher=CeleryDispatcher(self.celery, fresh.redis, self.settings.namespace),
            functions=self.stage_functions,
            on_duplicate=self.settings.on_duplicate,
            skip_contained=self.settings.skip_contained,
            corpus=fresh.corpus if self.settings.corpus_enabled else None,
            trends=fresh.trends if self.settings.trends_enabled else None,
            partition_of=partition(self.settings.dedup_partition),
            tracing=fresh.tracing("worker"),
            continues=self.continuing,
        )

    def intake(self, name: str, tracing: Tracing | None = None) -> Intake:
        """Return an intake of this name; the caller closes `tracing` when it has ended."""
        from fanmill.intake import Intake, IntakePolicy
        from fanmill.ops.machine import MonotonicClock
        from fanmill.stores.redis.connection import is_refusal

        settings = self.settings
        return Intake(
            name,
            ledger=self.ledger,
            index=self.index,
            rejections=self.rejections,
            dispatcher=self.dispatcher,
            policy=IntakePolicy(
                batch_max_documents=settings.batch_max_documents,
                batch_max_bytes=settings.batch_max_bytes,
                max_in_flight=settings.max_in_flight,
                max_rejected=settings.max_rejected,
                max_deliveries=settings.max_deliveries,
                redeliver_after_seconds=settings.redeliver_after_seconds,
                redacts_personal_data=settings.redacts_personal_data,
                max_unstored=settings.max_unstored,
            ),
            clock=MonotonicClock(),
            controls=self.controls,
            tracing=tracing,
            sinks=self.sinks,
            failures=server_failures(),
            is_final=is_refusal,
        )

    def heartbeat(
        self, role: Role, stages: tuple[Stage, ...] = (), concurrency: int = 1
    ) -> Heartbeat:
        """Return the heartbeat of this process, not started yet."""
        from fanmill.ops.heartbeat import Heartbeat
        from fanmill.ops.process_registry import own_entry

        return Heartbeat(self.brief_client(), self.keys, own_entry(role, stages, concurrency))

    def brief_client(self) -> Redis:
        """Return a client of its own for a thread, which gives up after a second."""
        from fanmill.stores.redis.connection import connect_briefly

        return connect_briefly(self.settings.redis_url.get_secret_value(), _BRIEF_SECONDS)

    def worker_concurrency(self) -> int:
        """Return the number of processes of a worker: as set, or one per CPU."""
        from fanmill.ops.cpus import available_cpus

        return self.settings.worker_concurrency or available_cpus()
