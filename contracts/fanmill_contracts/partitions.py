"""Partitions: several ledgers, on servers or in namespaces of their own, as one target.

The document id alone decides the partition, so that all revisions of a document meet in one. Any
language computes the same: for each number `n` from 0 to one below the number of partitions take
the SHA-256 digest of `n:ID` in UTF-8; the partition is the number with the highest digest
(rendezvous hashing: Thaler and Ravishankar, 1998). A partition that is added at the end takes
documents from all others and moves none between them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from fanmill_contracts.addresses import ServerAddress
from fanmill_contracts.errors import InvalidArgument
from fanmill_contracts.streams import DEFAULT_NAMESPACE, StreamNames

MAX_PARTITIONS: Final = 256
"""Limit of partitions: a digest for each is computed for each document, at 1 to 3 us."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A ledger with its own intakes and workers; `str()` and `repr()` show no secret.

    Attributes:
        number: Place in the list, from 0.
        url: Its server.
        namespace: First part of its keys.
    """

    number: int
    url: str = field(repr=False)
    namespace: str = DEFAULT_NAMESPACE

    def __str__(self) -> str:
        return f"{self.number} ({ServerAddress.parse(self.url)}#{self.namespace})"


def partition_of(document_id: str, count: int) -> int:
    """Return the number of the partition that a document belongs to.

    Args:
        document_id: The document.
        count: Number of partitions.

    Raises:
        InvalidArgument: `count` is not 1 to 256.
    """
    if not 1 <= count <= MAX_PARTITIONS:
        raise InvalidArgument("count", str(count), f"1 to {MAX_PARTITIONS} partitions")
    name = document_id.encode()
    return max(range(count), key=lambda number: sha256(b"%d:%s" % (number, name)).digest())


def partition_for(document_id: str, partitions: Sequence[Partition]) -> Partition:
    """Return the partition that a document belongs to.

    Raises:
        InvalidArgument: There is no partition, or there are more than 256.
    """
    return partitions[partition_of(document_id, len(partitions))]


def parse_partitions(text: str, namespace: str = DEFAULT_NAMESPACE) -> tuple[Partition, ...]:
    """Return the partitions that a list of addresses names.

    Args:
        text: Addresses between spaces or commas: `URL` or `URL#NAMESPACE`. The order is part of
            the configuration: add partitions at the end. Empty for none.
        namespace: Namespace of addresses without one.

    Raises:
        InvalidArgument: An address is not usable, is given twice, or there are more than 256.
    """
    found: list[Partition] = []
    for number, address in enumerate(text.replace(",", " ").split()):
        url, separator, own = address.partition("#")
        # The address itself may hold a password: errors name its number.
        ServerAddress.parse(url, f"partition {number}")
        if separator:
            StreamNames(own)
        found.append(Partition(number, url, own if separator else namespace))
    places = [(str(ServerAddress.parse(each.url)), each.namespace) for each in found]
    for number, place in enumerate(places):
        if place in places[:number]:
            raise InvalidArgument(
                f"partition {number}", f"{place[0]}#{place[1]} again", "each partition once"
            )
    if len(found) > MAX_PARTITIONS:
        raise InvalidArgument("partitions", str(len(found)), f"at most {MAX_PARTITIONS}")
    return tuple(found)
