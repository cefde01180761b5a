"""All settings of fanmill: one frozen class, environment prefix `FANMILL_`.

Built once at start (`wiring.py`) and passed on. Every value has its unit in its
name and its consequence below it; the table in the README is made from here.
"""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.partition import partition
from fanmill_contracts import StreamNames, limits

Count = Annotated[int, Field(ge=1)]
Size = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]

DAY_SECONDS = 86_400

_PASSWORD_OPTION = re.compile(r"(?<=[?&]password=)[^&#]*")


class Settings(BaseSettings):
    """Effective settings. Unknown `FANMILL_` variables are reported by `fanmill doctor`."""

    model_config = SettingsConfigDict(
        env_prefix="FANMILL_",
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        # An error about one setting would show them all, the URL's password among them.
        hide_input_in_errors=True,
    )

    redis_url: SecretStr = SecretStr("redis://localhost:6379/0")
    """Redis or Valkey server (>= 7.0) of ledger, records and Celery's queues."""

    index_url: SecretStr = SecretStr("")
    """Server of the duplicate index, where it is not the ledger's; a cluster: redis+cluster://."""

    namespace: str = "fanmill"
    """First part of all keys and queue names; publishers need the same."""

    batch_max_documents: Annotated[int, Field(ge=1, le=1000)] = 64
    """Most documents in one message. Fewer travel when fewer wait: there is no timer."""

    batch_max_bytes: Count = limits.MIB
    """Most bytes of events in one message; a larger event travels alone."""

    max_in_flight: Count = 1024
    """Documents read and not complete at which intake stops reading; each further
    intake may exceed it by one batch."""

    max_backlog: Size = limits.DEFAULT_MAX_BACKLOG
    """Events in the ledger at which `fanmill publish` waits; 0 for no limit."""

    max_rejected: Size = 10_000
    """Rejections at which intake stops reading, lest a bad release empties the ledger
    into them; 0 for no limit."""

    max_deliveries: Annotated[int, Field(ge=2, le=100)] = 3
    """Attempts that may end with a dead worker or the time limit before a document is rejected;
    the first one may be the fault of a neighbour in the batch, hence 2 at least."""

    redeliver_after_seconds: Seconds = 45.0
    """Silence after which a document is sent out again; above `task_time_limit_seconds`."""

    task_time_limit_seconds: Seconds = 30.0
    """Time one message may take before its process is killed."""

    on_duplicate: Literal["skip", "process"] = "skip"
    """Whether duplicates are summarised and tagged too."""

    dedup_threshold: Annotated[float, Field(ge=0.3, le=1.0)] = 0.7
    """Least estimated Jaccard similarity of a near duplicate. Other values need a rebuilt index."""

    dedup_horizon_days: Annotated[float, Field(gt=0, le=3650, allow_inf_nan=False)] = 30.0
    """How long a document is remembered by the duplicate index; up to an eighth longer."""

    dedup_containment: bool = True
    """Whether a text that is a part of another, or has it as a part, is a near duplicate."""

    dedup_boilerplate: bool = True
    """Whether lines that three earlier documents had are left out of the comparison."""

    dedup_partition: str = ""
    """What documents must share to be compared: up to three of source, language, metadata:NAME."""

    statistics: str = "all"
    """Sets of statistics, separated by commas: quality, rules, readability, diversity,
    composition, and those of other packages by their entry points; empty for sizes alone."""

    summary_method: Literal["lead", "frequent"] = "lead"
    """The first sentences, or those of the most frequent words: better on papers, worse on news."""

    summary_max_sentences: Annotated[int, Field(ge=0, le=100)] = 3
    """Most sentences of a summary."""

    summary_max_words: Size = 0
    """Most words of a summary, for it ends at a sentence before; 0 for no limit."""

    result_retention_seconds: Size = 30 * DAY_SECONDS
    """How long records are kept after completion; 0 for ever."""

    corpus_retention_days: Annotated[int, Field(ge=0, le=400)] = 90
    """How long `fanmill stats` remembers a day; 0: documents are not counted."""

    processed_stream_maxlen: Size = 100_000
    """About how many events the processed stream keeps; 0 for all."""

    idempotency_window_seconds: Count = 7 * DAY_SECONDS
    """How long an event's id is remembered: the same event later is a revision."""

    worker_concurrency: Size = 0
    """Processes per worker; 0 for one per CPU."""

    worker_max_batches: Size = 0
    """Messages after which a worker process is replaced by a fresh one; 0 for never."""

    stop_grace_seconds: Seconds = 60.0
    """How long `fanmill up` and `fanmill run` wait for a worker to finish what it holds."""

    pii_mode: Literal["off", "tag", "redact"] = "tag"
    """Personal data: not looked for, tagged, or tagged and kept out of results and extracts."""

    rules_file: str = ""
    """Rules file (`.yaml` or `.toml`), read again when it changes; empty for none."""

    tagger_paths: str = ""
    """Further taggers: folders, files and modules, separated by commas."""

    disabled_taggers: str = ""
    """Names of taggers that are not run, separated by commas."""

    tagger_config_file: str = ""
    """TOML file with a table for each tagger that has a configuration of its own."""

    tagger_time_limit_seconds: Seconds = 5.0
    """Time one tagger may take on one document before it stands among its problems."""

    topic_model_file: str = ""
    """Model file of `fanmill topics train`, in place of the term lists that come with fanmill."""

    trends_max_terms: Size = 20_000
    """Terms counted per language and hour to find what bursts; 0 counts none. A term takes 100
    bytes, a language whose hours are all full 42 MB at 20,000."""

    log_format: Literal["auto", "json", "console"] = "auto"
    """`auto`: for people on a terminal, JSON elsewhere."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severity that is logged."""

    server_binary: str = ""
    """Server program for `up` and `run`; empty: the one of the extra `local`, or on the PATH."""

    @field_validator("namespace")
    @classmethod
    def _namespace_is_a_key(cls, namespace: str) -> str:
        StreamNames(namespace)
        return namespace

    @field_validator("dedup_partition")
    @classmethod
    def _partition_is_known(cls, rule: str) -> str:
        partition(rule)
        return rule

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.redeliver_after_seconds <= self.task_time_limit_seconds:
            raise ValueError(
                f"redeliver_after_seconds is {self.redeliver_after_seconds:g} and "
                f"task_time_limit_seconds {self.task_time_limit_seconds:g}; the first must be "
                "above the second, or work that goes on would be sent out again"
            )
        if self.max_in_flight < self.batch_max_documents:
            raise ValueError(
                f"max_in_flight is {self.max_in_flight} and batch_max_documents "
                f"{self.batch_max_documents}; the first must not be below the second"
            )
        return self

    @property
    def streams(self) -> StreamNames:
        """The names of the public streams."""
        return StreamNames(self.namespace)

    @property
    def dedup_parameters(self) -> DedupParameters:
        """What fingerprints are made with and judged by."""
        return DedupParameters(
            jaccard_threshold=self.dedup_threshold,
            horizon_days=self.dedup_horizon_days,
            containment=self.dedup_containment,
            boilerplate=self.dedup_boilerplate,
        )

    def masked(self) -> dict[str, object]:
        """Return all settings with passwords hidden, for people to read."""
        values: dict[str, object] = self.model_dump()
        for name in ("redis_url", "index_url"):
            url = values[name].get_secret_value()  # type: ignore[attr-defined]
            values[name] = mask_url(url) if url else ""
        return values


def mask_url(url: str) -> str:
    """Return a URL without its password; what is no URL at all becomes `***`.

    Read by hand: in a password that was not percent-encoded, a parser takes
    `/`, `?` or `#` for the end of the host.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        return "***"
    credentials, at, place = rest.rpartition("@")
    user, colon, _ = credentials.partition(":")
    if colon:
        rest = f"{user}:***{at}{place}"
    return f"{scheme}://{_PASSWORD_OPTION.sub(r'***', rest)}"
