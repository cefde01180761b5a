"""A TCP proxy on loopback that turns round, goes silent or cuts its connections."""

import selectors
import socket
from contextlib import suppress
from ssl import SSLContext, SSLSocket
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self


class TcpProxy:
    """Forwards connections to `target`; new ones follow a change of it, old ones do not.

    Args:
        target: Port of a server on loopback.
        tls: Makes the proxy's own port a TLS port.
    """

    def __init__(self, target: int, tls: SSLContext | None = None) -> None:
        self.target = target
        self._tls = tls
        self.accepted = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        scheme = "redis" if tls is None else "rediss"
        self.url = f"{scheme}://127.0.0.1:{self.port}/0"
        self._lock = Lock()
        self._pairs: list[tuple[socket.socket, socket.socket, Event]] = []
        self._accepting = Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def silence(self) -> int:
        """Keep the present connections open, forward nothing on them, return their number."""
        with self._lock:
            for _, _, silent in self._pairs:
                silent.set()
            return len(self._pairs)

    def cut(self) -> None:
        """Close the present connections."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for near, far, _ in pairs:
            for end in (near, far):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()
        self._accepting.join(5)
        self.cut()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _accept(self) -> None:
        self._listener.settimeout(0.1)
        while True:
            try:
                near, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            try:
                near.settimeout(5)
                if self._tls is not None:
                    near = self._tls.wrap_socket(near, server_side=True)
                near.settimeout(None)
                far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self.accepted += 1
            silent = Event()
            with self._lock:
                self._pairs.append((near, far, silent))
            Thread(target=_forward, args=(near, far, silent), daemon=True).start()


def _forward(near: socket.socket, far: socket.socket, silent: Event) -> None:
    with near, far, selectors.DefaultSelector() as ready:
        ready.register(near, selectors.EVENT_READ, far)
        ready.register(far, selectors.EVENT_READ, near)
        while True:
            for key, _ in ready.select():
                source, target = key.fileobj, key.data
                assert isinstance(source, socket.socket)
                if silent.is_set():
                    # Nothing is read any more: the other end meets silence, not an end.
                    ready.unregister(near)
                    ready.unregister(far)
                    _wait_for_end(near, far)
                    return
                try:
                    data = source.recv(65536)
                    if not data:
                        return
                    # The selector does not see what TLS has read ahead.
                    while isinstance(source, SSLSocket) and source.pending():
                        data += source.recv(65536)
                    target.sendall(data)
                except OSError:
                    return


def _wait_for_end(near: socket.socket, far: socket.socket) -> None:
    """Hold silent connections until both ends were shut down by `cut`."""
    for end in (near, far):
        with suppress(OSError):
            while end.recv(65536):
                pass
