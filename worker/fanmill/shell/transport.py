"""Celery's transport to the server, with the connections of every other client of fanmill.

kombu's own transport reads fewer URL options, waits without limit on a silent server,
keeps the connection to a demoted primary, and ends the worker on a message that is not
JSON. This one takes its connections from `fanmill_contracts.connections`.
"""

from collections.abc import Callable
from queue import Empty
from typing import Any, ClassVar, Final

import structlog
from celery.app.amqp import AMQP
from celery.exceptions import WorkerShutdown
from kombu.connection import Connection
from kombu.transport import redis as kombu_redis

from fanmill.shell.messages import MalformedMessage, read_message
from fanmill.stores.redis.connection import SOCKET_SECONDS, is_refusal
from fanmill_contracts.addresses import ServerAddress
from fanmill_contracts.connections import (
    CONNECTION_CLASSES,
    BoundedRetry,
    connection_options,
)

log = structlog.get_logger("fanmill.worker")

REFUSED_EXIT_CODE: Final = 3
"""Exit code of a worker whose server refuses it; see `fanmill.cli.exits`."""

_RETRY_SECONDS: Final = 1.0
_RECONNECT_SECONDS: Final = 2.0
"""Longest pause between two attempts to connect; kombu's default grows to 30 s."""


class Channel(kombu_redis.Channel):
    """A channel on the connections of fanmill, which skips malformed messages."""

    connection_parameters: Callable[[], dict[str, Any]]
    """A transport option: returns the arguments of redis-py's connection pool."""

    abandoned: ClassVar[bool] = False
    """Whether this process stops without its server; set by `shell.worker`."""

    from_transport_options = (  # type: ignore[assignment]
        *kombu_redis.Channel.from_transport_options,
        "connection_parameters",
    )

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        parameters = self.connection_parameters()
        if not asynchronous:
            return parameters
        channel = self
        kind: Any = parameters["connection_class"]

        class Polled(kind):  # type: ignore[misc]
            """A connection in the event loop, which must learn of its end."""

            def disconnect(self, *args: Any, **options: Any) -> None:
                super().disconnect(*args, **options)
                if channel._registered:
                    channel._on_connection_disconnect(self)

        return {**parameters, "connection_class": Polled}

    def close(self) -> None:
        """Close the channel; with a silent server, without its answer to a pending BRPOP."""
        if Channel.abandoned and self._in_poll:
            self._in_poll.disconnect()  # type: ignore[attr-defined]
        super().close()

    def _brpop_read(self, **options: Any) -> bool:
        try:
            try:
                reply = self.client.parse_response(self.client.connection, "BRPOP", **options)
            except self.connection_errors:
                # The next round of the loop connects anew.
                self.client.connection.disconnect()
                raise
            if not reply:
                raise Empty
            key, content = reply
            queue = key.decode().rsplit(self.sep, 1)[0]
            if queue not in self.connection._callbacks:  # noqa: SLF001  as kombu does
                # The worker left the queue while it waited for a message: put it back as the next.
                with self.conn_or_acquire() as client:
                    client.rpush(queue, content)
                return True
            self._queue_cycle.rotate(queue)
            try:
                message = read_message(content, queue)
            except MalformedMessage as error:
                # Its content may be a text: it must not reach the log.
                log.warning("message skipped", queue=queue, problem=str(error), bytes=len(content))
            else:
                self.connection._deliver(message, queue)  # noqa: SLF001  as kombu does
            return True
        finally:
            self._in_poll = None  # type: ignore[assignment]


class Transport(kombu_redis.Transport):
    """kombu's Redis transport with this module's channel."""

    Channel = Channel
    can_parse_url = True
    """The URL is for display; `connection_parameters` has the address."""


class BrokerConnection(Connection):
    """A connection of Celery that reconnects soon, and gives up where waiting has no effect."""

    def ensure_connection(
        self,
        errback: Callable[..., Any] | None = None,
        *args: Any,
        callback: Callable[[], Any] | None = None,
        **options: Any,
    ) -> Any:
        """Connect, with a pause of at most two seconds between two attempts; see kombu."""

        def failed(error: Exception, interval: float) -> None:
            # Only the main loop of a worker passes a callback, and only it may end the process.
            if callback is not None and is_refusal(error):
                log.error("server refuses this worker", error=str(error))
                raise WorkerShutdown(REFUSED_EXIT_CODE)
            if errback is not None:
                errback(error, interval)

        options["interval_max"] = _RECONNECT_SECONDS
        return super().ensure_connection(failed, *args, callback=callback, **options)


class BrokerAMQP(AMQP):  # type: ignore[misc]
    """Celery's factory of connections, for this module's connection."""

    Connection = BrokerConnection


def transport_options(address: ServerAddress) -> dict[str, Any]:
    """Return Celery's `broker_transport_options` for a server."""

    def connection_parameters() -> dict[str, Any]:
        kind = CONNECTION_CLASSES[address.scheme]
        return {
            **connection_options(address, kind, socket_seconds=SOCKET_SECONDS),
            # kombu reads replies of RESP 2.
            "protocol": 2,
            "connection_class": kind,
            "health_check_interval": 0,
            "max_connections": address.options.get("max_connections"),
            "retry": BoundedRetry(_RETRY_SECONDS),
        }

    return {
        "connection_parameters": connection_parameters,
        # The ledger redelivers; Celery must not do it a second time. And with its own
        # book of unacked messages, kombu 5.7 ends the worker (AttributeError at closing)
        # when the server goes away again while it reconnects.
        "ack_emulation": False,
        # An overdue reply of BRPOP drops the connection after this time and its time-out, 1 s.
        "health_check_interval": 10,
    }
