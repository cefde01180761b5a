"""A TCP proxy between clients and servers, for connections that go silent or lead elsewhere."""

import socket
from contextlib import suppress
from select import select
from ssl import SSLContext, SSLSocket
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Final, Self

_CHUNK: Final = 65_536
_ACCEPT_SECONDS: Final = 0.2
_HANDSHAKE_SECONDS: Final = 5.0


class _Link:
    """One client's connection and the connection to the server behind it."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self._client, self._server = client, server
        self.silent = Event()
        # One thread for both directions: TLS allows no reading beside writing.
        Thread(target=self._pump, daemon=True).start()

    def _pump(self) -> None:
        other = {self._client: self._server, self._server: self._client}
        with suppress(OSError, ValueError):
            while True:
                for source in select([self._client, self._server], [], [])[0]:
                    data = source.recv(_CHUNK)
                    while isinstance(source, SSLSocket) and source.pending():
                        data += source.recv(_CHUNK)
                    # A silent link stays open and forwards nothing more, as after a lost
                    # firewall state: neither end learns of it.
                    if self.silent.is_set():
                        return
                    if not data:
                        self.close()
                        return
                    other[source].sendall(data)
        self.close()

    def close(self) -> None:
        for each in (self._client, self._server):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


class TcpProxy:
    """Listens on a free port of loopback and forwards to the port of a server.

    Args:
        port: Port of the server on loopback.
        tls: Makes the proxy's own port a TLS port.
    """

    def __init__(self, port: int, tls: SSLContext | None = None) -> None:
        self.target = port
        self._tls = tls
        self._links: list[_Link] = []
        self._lock = Lock()
        self._stop = Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_ACCEPT_SECONDS)
        self.port: int = self._listener.getsockname()[1]
        self._thread = Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """URL of the proxy."""
        scheme = "redis" if self._tls is None else "rediss"
        return f"{scheme}://127.0.0.1:{self.port}/0"

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                continue
            try:
                client.settimeout(_HANDSHAKE_SECONDS)
                if self._tls is not None:
                    client = self._tls.wrap_socket(client, server_side=True)
                client.settimeout(None)
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            with self._lock:
                self._links.append(_Link(client, server))

    def silence(self) -> int:
        """Silence all open connections and return their number; new ones work."""
        with self._lock:
            for link in self._links:
                link.silent.set()
            return len(self._links)

    def redirect(self, port: int) -> None:
        """Lead new connections to another server; open ones stay with the old server."""
        self.target = port

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._listener.close()
        with self._lock:
            for link in self._links:
                link.close()
