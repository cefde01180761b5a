"""Puts the web console together: readers, accounts, the server."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import structlog
import uvicorn

from fanmill.console.accounts import Accounts, Gate, ProxyHeaders, UnusableAccounts
from fanmill.console.app import Options, create_app
from fanmill.screens.reading import Reader
from fanmill.settings import Settings
from fanmill.stores.redis.connection import check_access

log = structlog.get_logger("fanmill.console")

_STOP_SECONDS: Final = 3
"""Time for open answers after SIGTERM; live streams end then."""


class UnsafeConsole(ValueError):
    """A console that others could reach without an account; the text says what to set."""


def gate_of(settings: Settings, host: str) -> Gate:
    """Return the gate of these settings.

    Raises:
        UnusableAccounts: The file of accounts cannot be read.
        UnsafeConsole: Without accounts it would listen on more than this machine.
    """
    path = settings.console_accounts_file
    accounts = Accounts.read(Path(path)) if path else Accounts()
    proxy = ProxyHeaders(
        settings.console_proxy_user_header,
        settings.console_proxy_role_header,
        settings.console_trusted_proxies,
    )
    gate = Gate(accounts, settings.console_role, proxy)
    if not gate.asks and not _is_loopback(host) and settings.console_role != "reader":
        raise UnsafeConsole(
            f"the console would let everybody who reaches {host} act as {settings.console_role}; "
            "set FANMILL_CONSOLE_ACCOUNTS_FILE, or FANMILL_CONSOLE_ROLE=reader"
        )
    return gate


def serve_console(settings: Settings, host: str, port: int) -> None:
    """Serve the console until SIGTERM or Ctrl-C.

    Raises:
        ServerRefused: A server refuses the URL's user or protocol.
        UnusableAccounts, UnsafeConsole: See `gate_of`.
        OSError: The address cannot be used.
    """
    gate = gate_of(settings, host)
    for own in settings.each_partition():
        check_access(own.redis_url.get_secret_value())
    options = Options(settings.console_label, settings.console_hosts, settings.console_text)
    config = uvicorn.Config(
        create_app(Reader(settings), gate, options),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    with _listening(host, port) as listening:
        address, bound = listening.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        log.info("console served", url=f"http://{shown}:{bound}/", accounts=gate.asks)
        _Server(config).run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that ends like the other processes: SIGTERM is no failure."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGTERM and Ctrl-C end the server; uvicorn would raise them again at the end."""
        handled = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, self.handle_exit) for number in handled}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        # Who reads the address in the log may connect at once.
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


__all__ = ["UnsafeConsole", "UnusableAccounts", "gate_of", "serve_console"]
