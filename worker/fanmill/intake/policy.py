"""The numbers that intake keeps to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IntakePolicy:
    """The numbers intake keeps to; see `fanmill.settings` for their meaning."""

    batch_max_documents: int
    batch_max_bytes: int
    max_in_flight: int
    max_rejected: int | None
    max_deliveries: int
    redeliver_after_seconds: float
    redacts_personal_data: bool = False
    max_unstored: int | None = None
