"""The settings that say on which servers a process works, and as which partition."""

from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from fanmill.setting_values import none_if_empty
from fanmill_contracts import Partition, StreamNames, parse_partitions
from fanmill_contracts.addresses import ServerAddress

_CLUSTER_SCHEMES: Final = {"redis+cluster": "redis", "rediss+cluster": "rediss"}


class ServerSettings(BaseSettings):
    """Servers, namespace and partitions; `Settings` adds the rest."""

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
    """Server of the duplicate index; empty: the server of the ledger, or of partition 0. A cluster
    is `redis+cluster://any-node:6379`."""

    partitions: SecretStr = SecretStr("")
    """Servers of the partitions, `URL` or `URL#NAMESPACE` between spaces: each is a ledger with its
    own intakes and workers. Add partitions at the end. Empty: `redis_url` is the only ledger."""

    partition: Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(none_if_empty)] = None
    """Number of the partition that this process serves, from 0; empty: all, where a process can."""

    namespace: str = "fanmill"
    """First part of all keys and queue names. Publishers need the same value."""

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

    def with_shared_index(self) -> Self:
        """Return the settings of a command that covers all partitions, with the shared index."""
        partitions = self.ledger_partitions
        if not partitions or self.index_url.get_secret_value():
            return self
        return self.model_copy(update={"index_url": SecretStr(partitions[0].url)})

    @property
    def index_namespace(self) -> str:
        """Namespace of the duplicate index, which all partitions share."""
        partitions = self.ledger_partitions
        return partitions[0].namespace if partitions else self.namespace

    @property
    def streams(self) -> StreamNames:
        """The names of the public streams."""
        return StreamNames(self.namespace)
