"""Orders to workers: quiet, stop, resume."""

from __future__ import annotations

from typing import Any, Literal, cast

from fanmill.ops.process_registry import all_processes
from fanmill.screens.acts import Act, Order, Refused, partition_at
from fanmill.screens.reading import PartitionReader, Reader
from fanmill.stores.redis.controls import RedisControls


def _ordered(order: Literal["quiet", "stop"]) -> Any:
    def do(reader: Reader, sent: Order) -> str:
        done = []
        for partition, name in _workers(reader, sent):
            controls = RedisControls(partition.redis, partition.keys)
            controls.request(name, order, sent.viewer.name, sent.note)
            done.append(name)
        verb = {"quiet": "will take no more work", "stop": "will finish its work and end"}[order]
        return f"{', '.join(done)} {verb}."

    return do


def _resume(reader: Reader, sent: Order) -> str:
    done = []
    for partition, name in _workers(reader, sent):
        RedisControls(partition.redis, partition.keys).withdraw(name)
        done.append(name)
    return f"{', '.join(done)} takes work again."


def _workers(reader: Reader, sent: Order) -> list[tuple[PartitionReader, str]]:
    found = []
    for each in sent.ids:
        number, _, name = each.partition(":")
        partition = partition_at(reader, number)
        known = {
            process.name
            for process in all_processes(partition.redis, partition.keys)
            if process.role == "worker"
        }
        if name not in known:
            raise Refused(f"There is no worker {name!r}; it may have ended.")
        found.append((partition, name))
    if not found:
        raise Refused("No worker was chosen: select rows with x or the boxes.")
    return found


ACTS = (
    Act("workers", "quiet", "operator", cast("Any", _ordered("quiet"))),
    Act("workers", "stop", "operator", cast("Any", _ordered("stop"))),
    Act("workers", "resume", "operator", _resume),
)
