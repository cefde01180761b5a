"""The numbers that a sink keeps to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SinkPolicy:
    """The numbers that a sink keeps to; see `fanmill.settings` for the settings among them."""

    take_over_seconds: float
    """Silence after which the outcomes of another process of the sink are taken over."""
    retention_days: float | None
    """Time for which the store keeps a document; None for no limit."""
    batch_max: int = 1024
    """Maximum number of outcomes in a transaction, which takes what waits: 1 when idle."""
    max_unreadable: int = 1000
    """Number of outcomes set aside at which the sink stops: then no single outcome is the cause."""
    first_retry_seconds: float = 0.5
    max_retry_seconds: float = 15.0
    """Longest pause between two attempts while the store fails."""
