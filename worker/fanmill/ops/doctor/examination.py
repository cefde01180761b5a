"""The examination: asks a server everything the checks need, within a fixed time."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from queue import Empty, Queue
from threading import Thread
from time import monotonic, time
from typing import Any, Final

from redis import Redis
from redis.exceptions import NoPermissionError, RedisError

from fanmill import __version__
from fanmill.ops.doctor.clock import judge_clock, judge_last_id
from fanmill.ops.doctor.environment import judge_environment
from fanmill.ops.doctor.index import ask_index, judge_index
from fanmill.ops.doctor.ledger import (
    FRESH_STREAM,
    ask_ledger,
    judge_backlog,
    judge_ledger,
    judge_losses,
)
from fanmill.ops.doctor.memory import judge_eviction, judge_memory
from fanmill.ops.doctor.persistence import judge_persistence
from fanmill.ops.doctor.processes import judge_heartbeats, judge_pauses, judge_processes
from fanmill.ops.doctor.reach import reach
from fanmill.ops.doctor.refusal import ends_examination, explain
from fanmill.ops.doctor.rejections import judge_rejections
from fanmill.ops.doctor.result import SERVER, CheckResult
from fanmill.ops.doctor.rights import ask_rights, judge_rights, may, needs
from fanmill.ops.doctor.server import (
    judge_clients,
    judge_identity,
    judge_loading,
    judge_mode,
    judge_role,
    judge_version,
)
from fanmill.ops.doctor.sinks import judge_sinks
from fanmill.ops.doctor.store import judge_store
from fanmill.ops.doctor.unreachable import judge_reach
from fanmill.ops.process_registry import running_and_silent, running_processes, server_ms
from fanmill.ops.sinks import views_of
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import connect_briefly
from fanmill.stores.redis.controls import RedisControls
from fanmill.stores.redis.sinks import RedisSinks
from fanmill_contracts.addresses import ServerAddress

TIME_LIMIT_SECONDS: Final = 8.0
"""Time for the whole examination: servers may answer slowly, or never."""

_ANSWER_SECONDS: Final = 2.0
"""Time for one answer of the server."""

Checks = Iterator[CheckResult]


def examine(
    settings: Settings,
    environment: Mapping[str, str] | None = None,
    limit_seconds: float = TIME_LIMIT_SECONDS,
) -> Checks:
    """Yield the result of each check as it is made, within `limit_seconds`.

    The checks only read. A check that fails does not end the examination, unless the
    server cannot be asked anything further.

    Args:
        settings: The server's address, and the limits that the checks compare with.
        environment: Variables to look for unknown names in; this process's by default.
        limit_seconds: Time after which the rest is given up, with a failed check.
    """
    results: Queue[CheckResult | Exception | None] = Queue()
    known: set[CheckResult] = set()

    def work() -> None:
        try:
            for result in _Examination(settings, environment or os.environ).checks():
                results.put(result)
        except Exception as error:  # noqa: BLE001  raised again by the caller's thread
            results.put(error)
        results.put(None)

    # A look-up of a host name, and an answer of one byte a second, know no time-out.
    Thread(target=work, name="fanmill-doctor", daemon=True).start()
    deadline = monotonic() + limit_seconds
    while True:
        try:
            result = results.get(timeout=max(0.0, deadline - monotonic()))
        except Empty:
            yield CheckResult(
                SERVER,
                "error",
                f"no further answer within {limit_seconds:g} s; the other checks are left out",
                "the server or the name service hangs: redis-cli ping, redis-cli SLOWLOG GET 10",
            )
            return
        if result is None:
            return
        if isinstance(result, Exception):
            raise result
        # A missing right or a full server is met by several checks: once is enough.
        if result not in known:
            known.add(result)
            yield result


@dataclass(slots=True)
class _Examination:
    settings: Settings
    environment: Mapping[str, str]

    def checks(self) -> Checks:
        yield judge_environment(self.environment)
        url = self.settings.redis_url.get_secret_value()
        address = ServerAddress.parse(url)
        with connect_briefly(url, _ANSWER_SECONDS) as redis:
            reached = True
            for result in self._server_checks(redis, address):
                reached = reached and not (result.check == SERVER and result.level == "error")
                yield result
            if reached or self.settings.index_url.get_secret_value():
                yield self._index(redis if reached else None, url)
        if self.settings.store_url.get_secret_value():
            yield judge_store(self.settings)

    def _index(self, redis: Redis | None, url: str) -> CheckResult:
        found: int | Exception
        try:
            found = ask_index(redis, self.settings)
        except Exception as error:  # noqa: BLE001  judged, or raised there
            found = error
        index_url = self.settings.index_url.get_secret_value() or url
        return judge_index(found, index_url, self.settings.namespace)

    def _server_checks(self, redis: Redis, address: ServerAddress) -> Checks:
        if not address.tls:
            trouble = judge_reach(address, reach(address))
            if trouble is not None:
                yield trouble
                return
        info: dict[str, Any] | None = None
        try:
            # INFO, unlike PING, is answered while the server loads.
            info = redis.info()
        except Exception as error:  # noqa: BLE001  a foreign answer breaks redis-py in many ways
            yield _first_error(error, address, self.settings.namespace)
            if not isinstance(error, NoPermissionError):
                return
        if info is not None:
            server = judge_loading(info) or judge_identity(info, address)
            yield server
            if server.level == "error":
                return
            yield from self._info_checks(redis, info)
        for check in self._questions(redis, address):
            try:
                yield from check()
            except Exception as error:  # noqa: BLE001  see above
                yield explain(error, address, self.settings.namespace)
                if ends_examination(error):
                    return

    def _info_checks(self, redis: Redis, info: Mapping[str, Any]) -> Checks:
        for judge in (
            judge_version,
            judge_mode,
            judge_role,
            judge_clients,
            judge_eviction,
            judge_memory,
        ):
            yield judge(info)
        yield judge_persistence(info, _fsync(redis))

    def _questions(self, redis: Redis, address: ServerAddress) -> list[Callable[[], Checks]]:
        keys = Keys(self.settings.streams)
        return [
            partial(_rights, redis, address, keys),
            partial(_clock, redis),
            partial(_ledger, redis, keys, self.settings),
            partial(_rejections, redis, keys, self.settings),
            partial(_processes, redis, keys),
            partial(_sinks, redis, keys, self.settings),
        ]


def _rights(redis: Redis, address: ServerAddress, keys: Keys) -> Checks:
    wanted = needs(keys, f"{keys.streams.namespace}.deduplicate")
    yield judge_rights(ask_rights(redis, wanted), address, wanted)


def _clock(redis: Redis) -> Checks:
    yield judge_clock(round(time() * 1000), server_ms(redis))


def _ledger(redis: Redis, keys: Keys, settings: Settings) -> Checks:
    facts = ask_ledger(redis, keys)
    yield judge_ledger(facts, keys.ingested)
    if facts.kind == "stream":
        yield judge_last_id(facts.last_id, server_ms(redis), FRESH_STREAM)
        yield judge_backlog(facts, settings.max_backlog)
        yield judge_losses(facts, keys.ingested)


def _rejections(redis: Redis, keys: Keys, settings: Settings) -> Checks:
    count = int(redis.xlen(keys.rejected))
    # Intake takes trimmed rejections off this set; until then it may hold more than there are.
    failed = min(count, int(redis.zcard(keys.failed)))
    yield judge_rejections(count, failed, settings.max_rejected)


def _processes(redis: Redis, keys: Keys) -> Checks:
    running, silent = running_and_silent(redis, keys)
    yield judge_processes(running, __version__)
    yield judge_heartbeats(silent, server_ms(redis))
    yield judge_pauses(RedisControls(redis, keys).read().pauses)


def _sinks(redis: Redis, keys: Keys, settings: Settings) -> Checks:
    backlogs, unreadable = RedisSinks(redis, keys).measure()
    yield judge_sinks(
        views_of(backlogs, running_processes(redis, keys)),
        unreadable,
        settings.max_unstored,
        wants_store=bool(settings.store_url.get_secret_value()),
    )


def _first_error(error: Exception, address: ServerAddress, namespace: str) -> CheckResult:
    """Explain the failure of the first command; over TLS the port may speak none."""
    result = explain(error, address, namespace)
    if address.tls and result.check == SERVER and not result.seen.startswith("the server"):
        found = judge_reach(address, reach(address))
        if found is not None:
            return found
    return result


def _fsync(redis: Redis) -> str | None:
    # Asked for only where it is allowed: a denial would stand in the server's ACL LOG.
    try:
        user = redis.acl_whoami()
    except RedisError:
        return None
    name = user.decode() if isinstance(user, bytes) else str(user)
    if not may(redis, name, "CONFIG", "GET", "appendfsync"):
        return None
    answer: Any = redis.config_get("appendfsync")
    return str(answer.get("appendfsync"))
