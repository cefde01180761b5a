"""Check of the duplicate index: its server and its parameters."""

from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from fanmill.ops.doctor.refusal import explain
from fanmill.ops.doctor.result import CheckResult
from fanmill.settings import Settings
from fanmill.stores.index import IndexParametersDiffer, RedisFingerprintIndex, connect_index
from fanmill.stores.index.connection import CLUSTER
from fanmill_contracts.addresses import ServerAddress

_CHECK = "index"


def ask_index(redis: Redis | None, settings: Settings) -> int:
    """Return the number of partitions of the index.

    Args:
        redis: A client of the ledger's server, which holds the index unless the settings
            name another; None if it was not reached.
        settings: The address of the index, and its parameters.

    Raises:
        IndexParametersDiffer: A partition was made with other parameters.
        RedisError: The index's server was not reached, or refused.
    """
    url = settings.index_url.get_secret_value()
    client: Any = connect_index(url, 0) if url else redis
    index = RedisFingerprintIndex(client, settings.namespace, settings.dedup_parameters)
    index.check()
    return len(index.partitions())


def judge_index(found: int | Exception, url: str, namespace: str) -> CheckResult:
    """Return the check of the index, by the number of its partitions or the error met.

    `url` is the server of the index.
    """
    if isinstance(found, IndexParametersDiffer):
        return CheckResult(
            _CHECK,
            "error",
            str(found),
            "put the FANMILL_DEDUP_ settings back, or take the new ones over: "
            "fanmill index rebuild",
        )
    if isinstance(found, RedisError | OSError | ValueError):
        cause = explain(found, ServerAddress.parse(url.replace(f"{CLUSTER}://", "://")), namespace)
        return CheckResult(
            _CHECK, "error", f"index: {cause.seen}", f"{cause.advice} (FANMILL_INDEX_URL)"
        )
    if isinstance(found, Exception):
        raise found
    return CheckResult(_CHECK, "ok", f"partitions: {found}, parameters as set")
