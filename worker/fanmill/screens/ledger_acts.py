"""Acts on the ledger: pauses, and the removal of single events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fanmill.ops.backlog import remove_in_flight, remove_waiting
from fanmill.screens.acts import Act, Order, Refused, partition_at
from fanmill.screens.reading import PartitionReader, Reader
from fanmill.stores.redis.controls import TARGETS, RedisControls, Target


def _pause(reader: Reader, sent: Order) -> str:
    target = _target(sent)
    for partition in reader.partitions:
        RedisControls(partition.redis, partition.keys).pause(target, sent.viewer.name, sent.note)
    return f"{target} is paused."


def _resume(reader: Reader, sent: Order) -> str:
    target = _target(sent)
    for partition in reader.partitions:
        RedisControls(partition.redis, partition.keys).resume(target, sent.viewer.name)
    return f"{target} works again."


def _target(sent: Order) -> Target:
    for target in TARGETS:
        if target == sent.values.get("target"):
            return target
    raise Refused(f"Choose one of {', '.join(TARGETS)}.")


def _by_partition(reader: Reader, sent: Order) -> dict[PartitionReader, list[str]]:
    found: dict[PartitionReader, list[str]] = {}
    for each in sent.ids:
        number, _, entry_id = each.partition(":")
        found.setdefault(partition_at(reader, number), []).append(entry_id)
    if not found:
        raise Refused("No event was chosen: select rows with x or the boxes.")
    return found


def _remove(remove: Callable[[PartitionReader, Sequence[str], str], int]) -> Any:
    def do(reader: Reader, sent: Order) -> str:
        why = f"removed by {sent.viewer.name}" + (f": {sent.note}" if sent.note else "")
        chosen = _by_partition(reader, sent)
        removed = sum(remove(partition, ids, why) for partition, ids in chosen.items())
        gone = len(sent.ids) - removed
        more = f"; {gone:,} were gone before" if gone else ""
        return f"Removed {removed:,}{more}. Their rejections keep them for a replay."

    return do


def _waiting(partition: PartitionReader, ids: Sequence[str], why: str) -> int:
    return len(remove_waiting(partition.redis, partition.keys, ids, why))


def _in_flight(partition: PartitionReader, ids: Sequence[str], why: str) -> int:
    removed = remove_in_flight(partition.redis, partition.keys, ids, why)
    for each in removed:
        if each.document_id is not None:
            partition.wiring.index.forget(each.document_id, each.entry_id)
    return len(removed)


ACTS = (
    Act("ledger", "pause", "operator", _pause),
    Act("ledger", "resume", "operator", _resume),
    Act("waiting", "remove", "operator", _remove(_waiting)),
    Act("inflight", "remove", "operator", _remove(_in_flight)),
)
