"""The settings of fanmill: one frozen class, environment prefix `FANMILL_`.

They are built once at start and checked here, so that every way to start a
process refuses the same mistakes. Objects get the values they need, not the
whole class. An empty value of a limit means "no limit"; 0 never does. The table
of settings in the documentation is generated from this file.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.partition import partition
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
from fanmill_contracts import Partition, StreamNames, limits, parse_partitions
from fanmill_contracts.addresses import ServerAddress

DAY_SECONDS: Final = 86_400

_CLUSTER_SCHEMES: Final = {"redis+cluster": "redis", "rediss+cluster": "rediss"}


class Settings(BaseSettings):
    """The effective settings. `fanmill doctor` reports unknown `FANMILL_` variables."""

    model_config = SettingsConfigDict(
        env_prefix="FANMILL_",
        frozen=True,
        extra="forbid",
        # An error about one setting would show them all, the URL's password among them.
        hide_input_in_errors=True,
    )

    redis_url: SecretStr = SecretStr("redis://localhost:6379/0")
    """Redis or Valkey server (>= 7.0) of ledger, records and Celery's queues."""

    index_url: SecretStr = SecretStr("")
    """Server of the duplicate index; empty: the server of the ledger. A cluster is
    `redis+cluster://any-node:6379`."""

    partitions: SecretStr = SecretStr("")
    """Servers of the partitions, `URL` or `URL#NAMESPACE` between spaces: each is a ledger with its
    own intakes and workers. Add partitions at the end. Empty: `redis_url` is the only ledger."""

    partition: Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(none_if_empty)] = None
    """Number of the partition that this process serves, from 0; empty: all, where a process can."""

    namespace: str = "fanmill"
    """First part of all keys and queue names. Publishers need the same value."""

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
    """Time for which the duplicate index remembers a document; up to an eighth longer."""

    dedup_containment: bool = True
    """Treat a text that contains, or is contained in, another one as its near duplicate."""

    dedup_boilerplate: bool = True
    """Ignore lines already seen in three earlier documents when comparing texts."""

    dedup_partition: List = ()
    """Values that documents must share to be compared, separated by commas: up to three of
    source, language, metadata:NAME."""

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

    @field_validator("redis_url")
    @classmethod
    def _url_is_usable(cls, url: SecretStr) -> SecretStr:
        ServerAddress.parse(url.get_secret_value())
        return url

    @field_validator("index_url")
    @classmethod
    def _index_url_is_usable(cls, url: SecretStr) -> SecretStr:
        scheme, separator, rest = url.get_secret_value().partition("://")
        if scheme:
            ServerAddress.parse(f"{_CLUSTER_SCHEMES.get(scheme, scheme)}{separator}{rest}")
        return url

    @field_validator("partitions")
    @classmethod
    def _partitions_are_usable(cls, text: SecretStr) -> SecretStr:
        parse_partitions(text.get_secret_value())
        return text

    @field_validator("namespace")
    @classmethod
    def _namespace_is_a_key(cls, namespace: str) -> str:
        StreamNames(namespace)
        return namespace

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
    def ledger_partitions(self) -> tuple[Partition, ...]:
        """The partitions; empty if `redis_url` is the only ledger."""
        return parse_partitions(self.partitions.get_secret_value(), self.namespace)

    def each_partition(self) -> list[Self]:
        """Return the settings of each partition that a process serves: all, or its own."""
        if self.partition is not None or not self.ledger_partitions:
            return [self]
        return [self.at_partition(each.number) for each in self.ledger_partitions]

    def at_partition(self, number: int) -> Self:
        """Return the settings of the processes of a partition.

        All partitions share one index: `index_url`, or else the server of partition 0.

        Raises:
            IndexError: There is no such partition.
        """
        first, own = self.ledger_partitions[0], self.ledger_partitions[number]
        index_url = self.index_url.get_secret_value() or first.url
        return self.model_copy(
            update={
                "redis_url": SecretStr(own.url),
                "index_url": SecretStr(index_url),
                "namespace": own.namespace,
                "partition": number,
            }
        )

    @property
    def index_namespace(self) -> str:
        """Namespace of the duplicate index, which all partitions share."""
        partitions = self.ledger_partitions
        return partitions[0].namespace if partitions else self.namespace

    @property
    def streams(self) -> StreamNames:
        """The names of the public streams."""
        return StreamNames(self.namespace)

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
