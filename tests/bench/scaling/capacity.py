"""The size of a fanmill for a number of documents per second, computed from measured costs."""

from dataclasses import dataclass
from math import ceil, inf
from typing import Final

from fanmill_contracts.partitions import MAX_PARTITIONS

SECONDS_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Costs:
    """Measured costs of a document of 7,000 bytes of English, on a core of an AMD EPYC.

    CPU times are milliseconds. `tests/bench/README.md` has the measurements: "Benchmark of the
    whole" the first three, "Figures" of the duplicate index the fourth and the last.
    """

    functions_ms: float = 3.86
    """The functions of all stages alone, in one process: a back-fill."""
    worker_ms: float = 4.78
    """A worker of a service: 5.24 ms in all, without intake and server."""
    intake_ms: float = 0.06
    ledger_ms: float = 0.35
    """The Redis of a partition, without the index: 0.40 ms with it."""
    index_ms: float = 0.051
    """The Redis of the index: news in batches of 64, with boilerplate."""
    record_bytes: int = 5_360
    """Keys of a completed document in Redis without index and event ids (`bench-memory`)."""
    event_id_bytes: int = 90
    index_bytes: int = 143
    """The index at 1,000,000 documents."""
    index_part_documents: int = 16_000_000
    """Documents that a part of the index remembers at most, whatever its horizon."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Documents that arrive, and how long Redis keeps what.

    The defaults fit large installations: records leave through a sink and stay in Redis for
    hours, and the index compares with the documents of a day.
    """

    per_second: float
    text_bytes: int = 7_000
    busy_share: float = 0.7
    """Share of a core that is planned to work; the rest is for bursts and lost nodes."""
    record_hours: float = 1.0
    index_days: float = 1.0
    event_id_days: float = 1.0
    backlog_seconds: float = 600.0
    """Outage of all workers during which the ledger takes all events."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """A size. Memory is in GB of 10^9 bytes, the network in Gbit/s at all servers together."""

    worker_cores: int
    intake_cores: int
    partitions: int
    index_nodes: int
    backlog_gb: float
    records_gb: float
    index_gb: float
    network_gbit: float
    core_hours_per_million: float
    index_parts: int
    """Parts that `FANMILL_DEDUP_PARTITION` must make, so that each document of the horizon is
    remembered."""
    remembered_hours: float
    """Time for which an index without parts remembers a document."""

    @property
    def installations(self) -> int:
        """Number of lists of partitions: a list has at most 256."""
        return ceil(self.partitions / MAX_PARTITIONS)

    @property
    def cores(self) -> int:
        """All cores, a whole one for each Redis."""
        return self.worker_cores + self.intake_cores + self.partitions + self.index_nodes


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes that a server receives and sends for a document: a part for each, and by its text."""

    fixed: float
    per_text_byte: float

    @classmethod
    def through(cls, small: tuple[int, float], large: tuple[int, float]) -> "Traffic":
        """Return the line through two measurements of (bytes of text, bytes of traffic).

        Raises:
            ValueError: Both texts have the same size.
        """
        if small[0] == large[0]:
            raise ValueError(f"two sizes of text are needed; both are {small[0]} bytes")
        slope = (large[1] - small[1]) / (large[0] - small[0])
        return cls(small[1] - slope * small[0], slope)

    def bytes(self, text_bytes: int) -> float:
        """Return the bytes for a document with a text of this size."""
        return self.fixed + self.per_text_byte * text_bytes


def capacity(demand: Demand, costs: Costs, traffic: Traffic) -> Capacity:
    """Return the size for a demand; a demand of 0 needs nothing.

    CPU time grows with the text in proportion, the server's and the index's included: an upper
    bound for longer texts, too low by the fixed part for short ones.
    """
    scale = demand.text_bytes / 7_000

    def cores(milliseconds: float) -> int:
        return ceil(round(demand.per_second * milliseconds * scale / 1000 / demand.busy_share, 9))

    total = costs.worker_ms + costs.intake_ms + costs.ledger_ms + costs.index_ms
    event_bytes = demand.text_bytes * 1.1 + 300
    day = demand.per_second * SECONDS_A_DAY
    return Capacity(
        worker_cores=cores(costs.worker_ms),
        intake_cores=cores(costs.intake_ms),
        partitions=cores(costs.ledger_ms),
        index_nodes=cores(costs.index_ms),
        backlog_gb=demand.per_second * demand.backlog_seconds * event_bytes / 1e9,
        records_gb=(
            day * demand.record_hours / 24 * costs.record_bytes
            + day * demand.event_id_days * costs.event_id_bytes
        )
        / 1e9,
        index_gb=day * demand.index_days * costs.index_bytes / 1e9,
        network_gbit=demand.per_second * traffic.bytes(demand.text_bytes) * 8 / 1e9,
        core_hours_per_million=total * scale * 1e6 / 1000 / 3600,
        index_parts=ceil(day * demand.index_days / costs.index_part_documents),
        remembered_hours=(
            costs.index_part_documents / demand.per_second / 3600 if demand.per_second else inf
        ),
    )


def backfill_cores(documents: float, days: float, costs: Costs, text_bytes: int = 7_000) -> int:
    """Return the cores that work a corpus through the stages in so many days, all busy."""
    seconds = documents * costs.functions_ms * text_bytes / 7_000 / 1000
    return ceil(round(seconds / (days * SECONDS_A_DAY), 9))
