"""The sink: writes outcomes from the outbox to the store of record."""

from fanmill.sink.policy import SinkPolicy
from fanmill.sink.sink import Sink

__all__ = ["Sink", "SinkPolicy"]
