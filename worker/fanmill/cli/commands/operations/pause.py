"""`fanmill pause` and `fanmill resume`: hold and continue intake or a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.console import fail, guarded, json_line, load_wiring, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, Note, RedisUrl
from fanmill.cli.partitions import each_partition

if TYPE_CHECKING:
    from fanmill.stores.redis.controls import Target as Pausable

Target = Annotated[
    str,
    typer.Argument(
        metavar="TARGET", help="intake, deduplicate, summarize, tag or sink.", show_default=False
    ),
]


@each_partition
@guarded
def pause(
    target: Target, redis_url: RedisUrl = None, note: Note = "", as_json: Json = False
) -> None:
    """Stop reading events (intake), taking documents to a stage, or storing (sink).

    It lasts until fanmill resume.

    The pause outlives restarts of every process and of the server. Documents in work are finished;
    none is redelivered or rejected because of a pause. Events and documents wait meanwhile.

    Examples:

      fanmill pause tag --note "new rules at 14:00"

      fanmill pause intake
    """
    place = checked_target(target)
    wiring = load_wiring(redis_url)

    from fanmill.cli.actor import actor

    paused = wiring.controls.pause(place, actor(), note)
    if as_json:
        json_line({"target": place, "paused": True, **_facts(paused)})
        return

    from fanmill.cli.tables import moment_ms

    since = moment_ms(paused.since_ms)
    reason = f" ({paused.note})" if paused.note else ""
    remark(f"{place} is paused since {since} by {paused.by}{reason}; fanmill resume {place}")


@each_partition
@guarded
def resume(target: Target, redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Continue what `fanmill pause` stopped. Workers take documents again within two seconds.

    Examples:

      fanmill resume tag
    """
    place = checked_target(target)
    wiring = load_wiring(redis_url)

    from fanmill.cli.actor import actor

    ended = wiring.controls.resume(place, actor())
    if as_json:
        json_line({"target": place, "paused": False, "ended": ended and _facts(ended)})
    elif ended is None:
        remark(f"{place} was not paused")
    else:
        from fanmill.cli.tables import moment_ms

        remark(f"{place} is resumed; it was paused since {moment_ms(ended.since_ms)}")


def checked_target(target: str) -> Pausable:
    """Return a target that can be paused; end the command for any other."""
    from fanmill.stores.redis.controls import TARGETS

    if target not in TARGETS:
        fail(Exit.USAGE, f"unknown target {target!r}; known: {', '.join(TARGETS)}")
    return target


def _facts(signature: object) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(signature)  # type: ignore[call-overload, no-any-return]
