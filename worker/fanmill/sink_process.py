"""Puts a process of a sink together: outbox, store, heartbeat."""

import gc
from dataclasses import replace
from functools import partial
from threading import Event, Thread
from time import monotonic, time

import structlog
from redis.exceptions import RedisError

from fanmill.ops.heartbeat import with_memory
from fanmill.ops.process_registry import Process, process_name
from fanmill.setting_values import hide_secrets, store_name
from fanmill.settings import Settings
from fanmill.sink import Sink, SinkPolicy
from fanmill.stores.opening import open_store
from fanmill.stores.redis.connection import check_access, is_refusal, refused
from fanmill.stores.redis.outbox import RedisOutbox
from fanmill.wiring import Wiring

log = structlog.get_logger("fanmill.sink")


class _Clock:
    def monotonic(self) -> float:
        return monotonic()

    def wall(self) -> float:
        return time()


def name_of_sink(settings: Settings) -> str:
    """Return the name of the sink that writes to the store of these settings."""
    return settings.sink_name or store_name(settings.store_url.get_secret_value())


def sink_of(settings: Settings, wiring: Wiring) -> Sink:
    """Return the sink of these settings; nothing is sent or opened yet."""
    url = settings.store_url.get_secret_value()
    outbox = RedisOutbox(
        wiring.redis,
        wiring.keys,
        name_of_sink(settings),
        hide_secrets(url),
        settings.processed_stream_maxlen,
        settings.partition,
    )
    return Sink(
        process_name("sink"),
        outbox=outbox,
        open_store=partial(open_store, url, create=True),
        policy=SinkPolicy(
            take_over_seconds=settings.redeliver_after_seconds,
            retention_days=settings.store_retention_days,
        ),
        clock=_Clock(),
        failures=(RedisError,),
        is_final=is_refusal,
    )


def spare_collector() -> None:
    """Let the garbage collector run rarely: it would take a quarter of the time of decoding.

    A record is many small objects without a cycle, which go with their last reference.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def run_sink(settings: Settings, stop: Event) -> None:
    """Run a process of a sink until `stop` is set, with a thread for each partition it serves.

    Raises:
        ServerRefused: A server refuses the URL's user or protocol.
    """
    each = settings.each_partition()
    if len(each) == 1:
        _run_one(each[0], stop)
        return
    failures: list[Exception] = []

    def run(own: Settings) -> None:
        try:
            _run_one(own, stop)
        except Exception as error:  # noqa: BLE001  raised below, in the thread of the caller
            failures.append(error)
            stop.set()

    threads = [Thread(target=run, args=(own,), name=f"partition-{own.partition}") for own in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _run_one(settings: Settings, stop: Event) -> None:
    check_access(settings.redis_url.get_secret_value())
    wiring = Wiring(settings)
    sink = sink_of(settings, wiring)
    heartbeat = wiring.heartbeat("sink")

    def described(process: Process) -> Process:
        trouble = sink.trouble.current
        return with_memory(
            replace(
                process,
                sink=name_of_sink(settings),
                trouble=trouble.reason if trouble else "",
                trouble_seconds=round(trouble.seconds, 1) if trouble else 0.0,
            )
        )

    def look() -> None:
        # The loop waits for the store in one call: that is no hanging loop.
        if sink.trouble.excuses_silence:
            heartbeat.progress()

    spare_collector()
    heartbeat.describe = described
    heartbeat.start_thread(
        lambda error: log.warning("heartbeat not written", error=str(error)), look
    )
    log.info("sink started", sink=name_of_sink(settings))
    try:
        sink.run(stop, heartbeat.progress)
    except RedisError as error:
        if is_refusal(error):
            raise refused(error) from error
        raise
    try:
        heartbeat.stop()
    except RedisError as error:
        log.warning("heartbeat not removed", error=str(error))
