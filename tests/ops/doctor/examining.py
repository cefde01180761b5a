"""An examination in tests: within its time, without doubles, and readable by name."""

from time import monotonic

from fanmill.ops.doctor import CheckResult, examine, outcome
from fanmill.settings import Settings
from fanmill.stores.keys import Keys

MAX_SECONDS = 40.0
"""Several times what an examination takes: a busy machine is no fault, one that hangs is."""


def examined(url: str, **settings: object) -> dict[str, CheckResult]:
    """Examine a server within a time and return the results by their check."""
    begun = monotonic()
    results = list(examine(Settings(redis_url=url, **settings), {}))
    assert monotonic() - begun < MAX_SECONDS
    for result in results:
        assert result.seen
        assert (result.level == "ok") == (result.advice == ""), result
    assert len(set(results)) == len(results)
    # The first of a name: later checks may meet the same obstacle.
    return {result.check: result for result in reversed(results)}


def only_server(url: str) -> CheckResult:
    """Examine a server that cannot be used; return why."""
    results = examined(url)
    assert set(results) == {"settings", "server"}
    assert outcome(results.values()) == "no-server"
    return results["server"]


def keys_of(namespace: str) -> Keys:
    return Keys(Settings(namespace=namespace).streams)


def url_of(port: int, login: str = "", scheme: str = "redis", database: int = 0) -> str:
    return f"{scheme}://{login}127.0.0.1:{port}/{database}"
