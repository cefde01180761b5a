"""Advice for an address where no Redis answers, by the kind of obstacle or protocol."""

from typing import Final

from fanmill.ops.doctor.reach import CONNECT_SECONDS, Reach
from fanmill.ops.doctor.result import SERVER, CheckResult
from fanmill_contracts.addresses import ServerAddress

_SET_URL: Final = "export FANMILL_REDIS_URL=redis://HOST:6379/0"
_START: Final = "start a server, on one machine: fanmill up"

PLAIN_URL: Final = "the server speaks no TLS; use redis:// in place of rediss://"
"""Advice for a TLS URL against a plain port."""

TLS_URL: Final = "the port speaks TLS; use rediss:// in place of redis:// in the URL"
"""Advice for a plain URL against a TLS port."""


def judge_reach(address: ServerAddress, found: Reach) -> CheckResult | None:
    """Return why no Redis can be used at the address; None if a usable one answered."""
    if found.obstacle is not None:
        seen, advice = _obstacle(address, found)
        return CheckResult(SERVER, "error", seen, advice)
    if "max number of clients" in found.detail:
        return CheckResult(
            SERVER,
            "error",
            "the server has no connection left (maxclients)",
            "redis-cli CONFIG SET maxclients 10000, and look for leaks: redis-cli CLIENT LIST",
        )
    if (found.protocol == "tls") if address.tls else (found.protocol == "redis"):
        return None
    seen, advice = _protocol(address, found)
    return CheckResult(SERVER, "error", seen, advice)


def _obstacle(address: ServerAddress, found: Reach) -> tuple[str, str]:
    place = str(address)
    texts = {
        "host-unknown": (
            f"host {address.host!r} is unknown: {found.detail}",
            f"check the name: getent hosts {address.host}; then {_SET_URL}",
        ),
        "refused": (
            f"{place} refuses connections: no program listens there",
            f"{_START}; or point to the right one: {_SET_URL}",
        ),
        "timeout": (
            f"{place} does not accept a connection within {CONNECT_SECONDS:g} s",
            (
                "the machine is down, or a firewall drops packets; compare: "
                f"nc -zv {address.host} {address.port}"
            ),
        ),
        "no-socket-file": (
            f"{place} does not exist",
            f"{_START}; its `unixsocket` setting must name this path",
        ),
        "socket-denied": (
            f"{place} may not be opened by this user: {found.detail}",
            "give the user the group of the socket, or set in redis.conf: unixsocketperm 770",
        ),
        "unreachable": (
            f"{place} cannot be reached: {found.detail}",
            f"check the network and the address: ip route get {address.host or place}; {_SET_URL}",
        ),
    }
    return texts[found.obstacle or "unreachable"]


def _protocol(address: ServerAddress, found: Reach) -> tuple[str, str]:
    place = str(address)
    wrong_port = f"the URL names the port of another program; {_SET_URL}"
    texts = {
        "redis": (f"{place} answers without TLS, and the URL asks for TLS", PLAIN_URL),
        "tls": (f"{place} speaks TLS, and the URL asks for none", TLS_URL),
        "http": (f"{place} is a web server (it answers in HTTP)", wrong_port),
        "closed": (
            f"{place} closes the connection without an answer",
            (
                "a proxy without a server behind it, or a server that is starting or stopping: "
                "try again, then look at the log of the server or proxy"
            ),
        ),
        "silent": (
            f"{place} accepts connections but does not answer within {CONNECT_SECONDS:g} s",
            (
                "the server is busy, stopped or hangs, or another program listens there; compare: "
                f"redis-cli -h {address.host} -p {address.port} ping"
            ),
        ),
        "other": (f"{place} answers in no known protocol: {found.detail}", wrong_port),
    }
    return texts[found.protocol or "other"]
