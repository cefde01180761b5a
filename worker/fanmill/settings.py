"""The settings of fanmill: one frozen class, environment prefix `FANMILL_`.

They are built once at start and checked here, so that every way to start a
process refuses the same mistakes. Objects get the values they need, not the
whole class. An empty value of a limit means "no limit"; 0 never does. The table
of settings in the documentation is generated from this file.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator

from fanmill.console_settings import ConsoleSettings
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.partition import partition
from fanmill.server_settings import ServerSettings
from fanmill.setting_values import (
    Count,
    Days,
    Limit,
    List,
    Otel,
    Seconds,
    SinkName,
    StoreUrl,
    hide_secrets,
    none_if_empty,
)
from fanmill_contracts import limits

DAY_SECONDS: Final = 86_400


class Settings(ConsoleSettings, ServerSettings):
    """The effective settings. `fanmill doctor` reports unknown `FANMILL_` variables."""

    batch_max_documents: Annotated[int, Field(ge=1, le=1000)] = 64
    """Maximum number of documents in one message. A message carries fewer when fewer wait; there
    is no timer."""

    batch_max_bytes: Count = limits.MIB
    """Maximum size of the events in one message. A larger event travels alone."""

    max_in_flight: Count = 1024
    """Number of unfinished documents at which intake stops reading. Each further intake may
    exceed it by one batch."""

    max_backlog: Limit = limits.DEFAULT_MAX_BACKLOG
    """Number of events in the ledger at which `fanmill publish` waits; empty: no limit."""

    max_rejected: Limit = 10_000
    """Number of rejections by stages at which intake stops reading, so that a bad release does
    not empty the ledger into them; invalid events do not count. Empty: no limit."""

    store_url: StoreUrl = SecretStr("")
    """Store of record: `sqlite:///path` or `postgresql://user@host/database`; empty: no sink."""

    sink_name: SinkName = ""
    """Name of the sink, the same for all its processes; empty: made from `store_url`. Two sinks
    with different names each store everything."""

    store_retention_days: Annotated[Days | None, BeforeValidator(none_if_empty)] = None
    """Time for which the store keeps a document after its completion; empty: without limit."""

    max_unstored: Limit = 200_000
    """Number of outcomes waiting to be stored at which intake stops reading. Each takes about
    6 kB of Redis. Empty: no limit."""

    max_deliveries: Annotated[int, Field(ge=2, le=100)] = 3
    """Number of attempts that may end with a dead worker or the time limit before a document is
    rejected. It is at least 2: a neighbour in the batch may have caused the first failure."""

    redeliver_after_seconds: Seconds = 45.0
    """Silence after which a document is sent out again. It must exceed
    `task_time_limit_seconds`."""

    target_age_seconds: Seconds = 60.0
    """Age that the oldest waiting event may reach. `fanmill metrics` computes the wanted number of
    workers from it; nothing else uses it."""

    task_time_limit_seconds: Seconds = 30.0
    """Time limit of one message; then its process is killed."""

    on_duplicate: Literal["skip", "process"] = "skip"
    """Summarize and tag duplicates too (`process`), or complete them without (`skip`). A text that
    contains another one, or is contained in it, is skipped only with `skip_contained`."""

    skip_contained: bool = False
    """Let `skip` apply to a near duplicate by containment, too. By default such a document is
    summarized and tagged: it may have a text of its own."""

    dedup_threshold: Annotated[float, Field(ge=0.3, le=1.0)] = 0.7
    """Minimum estimated Jaccard similarity of a near duplicate. Another value needs a rebuilt
    index."""

    dedup_horizon_days: Days = 30.0
    """Time for which the duplicate index remembers a document; up to an eighth longer. Each part of
    the index (FANMILL_DEDUP_PARTITION) remembers at most the newest 16,000,000 documents."""

    dedup_containment: bool = True
    """Treat a text that contains, or is contained in, another one as its near duplicate."""

    dedup_boilerplate: bool = True
    """Ignore lines already seen in three earlier documents when comparing texts."""

    dedup_partition: List = ()
    """Values that documents must share to be compared, separated by commas: up to three of
    source, language, metadata:NAME. Each part of the index remembers its newest 16,000,000
    documents, 2.3 GB; others are forgotten before FANMILL_DEDUP_HORIZON_DAYS."""

    statistics: List = ("all",)
    """Sets of statistics, separated by commas: quality, filters, readability, diversity,
    composition, and the entry points of other packages; empty: sizes only."""

    summary_method: Literal["lead", "term-frequency"] = "lead"
    """The first sentences, or the sentences of the most frequent words: better on papers, worse
    on news."""

    summary_max_sentences: Annotated[
        Annotated[int, Field(ge=1, le=100)] | None, BeforeValidator(none_if_empty)
    ] = 3
    """Maximum number of sentences in a summary; empty: no limit."""

    summary_max_words: Limit = None
    """Maximum number of words in a summary, which ends with the last sentence that fits; empty:
    no limit."""

    result_retention_days: Annotated[Days | None, BeforeValidator(none_if_empty)] = 30.0
    """Time for which a record is kept after its completion; empty: without limit."""

    corpus_enabled: bool = True
    """Count the documents of each day for `fanmill stats`."""

    corpus_retention_days: Annotated[int, Field(ge=1, le=400)] = 90
    """Time for which `fanmill stats` remembers a day."""

    processed_stream_maxlen: Limit = 100_000
    """Approximate number of events that the processed stream keeps; empty: all."""

    idempotency_window_days: Days = 7.0
    """Time for which the id of an event is remembered. The same event later is a revision."""

    worker_concurrency: Limit = None
    """Number of processes of a worker; empty: one per CPU."""

    worker_max_batches: Limit = None
    """Number of messages, each a batch of documents, after which a worker process is replaced;
    empty: never."""

    stop_grace_seconds: Seconds = 60.0
    """Time that `fanmill up` gives its workers to finish their batches."""

    pii_mode: Literal["off", "tag", "redact"] = "tag"
    """Personal data: not searched (`off`), tagged (`tag`), or tagged and kept out of results and
    extracts (`redact`)."""

    rules_file: str = ""
    """File of tag rules (`.yaml` or `.toml`), read again when it changes; empty: none."""

    tagger_paths: List = ()
    """Further taggers: folders, files and modules, separated by commas."""

    disabled_taggers: List = ()
    """Names of taggers that do not run, separated by commas."""

    tagger_config_file: str = ""
    """TOML file with a table for each tagger that has a configuration; empty: none."""

    tagger_time_limit_seconds: Seconds = 5.0
    """Time limit of one tagger on one document; beyond it the record lists a problem."""

    topic_model_file: str = ""
    """Model file of `fanmill topics train`; empty: the term lists that come with fanmill."""

    trends_enabled: bool = True
    """Count terms per language and hour to find bursts."""

    trends_max_terms: Count = 20_000
    """Maximum number of terms tracked per language and hour for trend detection. A term takes
    about 100 bytes, a language at most 42 MB at the default."""

    log_format: Literal["auto", "json", "console"] = "auto"
    """`auto` writes for people on a terminal and JSON elsewhere."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Lowest severity that is logged."""

    otel_enabled: Otel = False
    """Send traces and metrics by OpenTelemetry (extra `otel`); the variables `OTEL_*` say where."""

    server_binary: str = ""
    """Server program of `up` and `run`; empty: from the extra `local`, or on the PATH."""

    @field_validator("dedup_partition")
    @classmethod
    def _partition_is_known(cls, aspects: tuple[str, ...]) -> tuple[str, ...]:
        partition(aspects)
        return aspects

    @field_validator("statistics")
    @classmethod
    def _sets_are_known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if names != ("all",):
            # Imported here: the sets need numpy, which most commands can do without.
            from fanmill.plugins.choice import wanted_sets  # noqa: PLC0415

            wanted_sets(names)
        return names

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.redeliver_after_seconds <= self.task_time_limit_seconds:
            raise ValueError(
                f"redeliver_after_seconds is {self.redeliver_after_seconds:g} and "
                f"task_time_limit_seconds {self.task_time_limit_seconds:g}; the first must be "
                "above the second, or work in progress would be sent out again"
            )
        if self.max_in_flight < self.batch_max_documents:
            raise ValueError(
                f"max_in_flight is {self.max_in_flight} and batch_max_documents "
                f"{self.batch_max_documents}; the first must not be below the second"
            )
        return self

    @property
    def redacts_personal_data(self) -> bool:
        """Whether personal data is kept out of results and extracts."""
        return self.pii_mode == "redact"

    @property
    def dedup_parameters(self) -> DedupParameters:
        """The parameters of fingerprints and of their comparison."""
        return DedupParameters(
            jaccard_threshold=self.dedup_threshold,
            horizon_days=self.dedup_horizon_days,
            containment=self.dedup_containment,
            boilerplate=self.dedup_boilerplate,
        )

    def without_secrets(self) -> dict[str, object]:
        """Return all settings with passwords hidden, for people to read."""
        values: dict[str, object] = self.model_dump()
        for name in ("redis_url", "index_url", "store_url"):
            url = values[name].get_secret_value()  # type: ignore[attr-defined]
            values[name] = hide_secrets(url) if url else ""
        values["partitions"] = " ".join(map(str, self.ledger_partitions))
        return values
