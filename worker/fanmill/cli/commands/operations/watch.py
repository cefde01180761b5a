"""`fanmill watch`: the console in a terminal, and one look for scripts."""

from __future__ import annotations

import math
import os
import shutil
import sys
from time import sleep
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fanmill.cli.console import fail, guarded, json_line, line, load_settings, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import RedisUrl

if TYPE_CHECKING:
    from fanmill.screens.overview import Overview
    from fanmill.screens.reading import Reader
    from fanmill.settings import Settings

Role = Literal["reader", "operator", "admin"]


@guarded
def watch(
    redis_url: RedisUrl = None,
    role: Annotated[
        Role | None,
        typer.Option(
            help="Rights: reader looks, operator acts, admin destroys.  "
            "[env: FANMILL_CONSOLE_ROLE; default: reader]",
            show_default=False,
        ),
    ] = None,
    interval: Annotated[
        float, typer.Option(min=0.5, max=3600, metavar="SECONDS", help="Time between two looks.")
    ] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Print the overview and end.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, one object a look; with --once only one.")
    ] = False,
    max_age: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="Look once; exit code 1 if the oldest waiting event is older.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Watch the service in this terminal: the screens of the console, by keys.

    It only looks unless --role or FANMILL_CONSOLE_ROLE gives more rights. The key ? shows all keys.

    Exit code 1 if the oldest waiting event is older than --max-age; 3 if Redis does not answer a
    look of --once, --json or --max-age. An open screen waits for Redis to come back.

    Examples:

      fanmill watch

      fanmill watch --role operator

      fanmill watch --once

      fanmill watch --json --interval 10

      fanmill watch --max-age 300 || mail -s "fanmill is late" operator@example.org
    """
    settings = load_settings(redis_url)
    if max_age is not None and not math.isfinite(max_age):
        fail(Exit.USAGE, f"--max-age {max_age}: a number of seconds, such as 300")
    from fanmill.screens.reading import Reader

    reader = Reader(settings)
    if once or as_json or max_age is not None:
        single = once or max_age is not None
        _print(reader, settings, interval, max_age, as_json=as_json, once=once, single=single)
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        fail(Exit.USAGE, "this is no terminal: use --once, --json or --max-age")
    _open(reader, settings, role or settings.console_role, interval)


def _open(reader: Reader, settings: Settings, role: Role, interval: float) -> None:
    try:
        from fanmill.watch.app import WatchApp
    except ModuleNotFoundError as error:
        fail(Exit.USAGE, f"watch needs {error.name!r}: pip install 'fanmill[console]'")
    from fanmill.cli.actor import actor
    from fanmill.screens.acts import Viewer
    from fanmill.stores.redis.connection import check_access

    for own in settings.each_partition():
        check_access(own.redis_url.get_secret_value())
    WatchApp(reader, Viewer(actor(), role), settings.console_label, interval).run()


def _print(
    reader: Reader,
    settings: Settings,
    interval: float,
    max_age: float | None,
    *,
    as_json: bool,
    once: bool,
    single: bool,
) -> None:
    from fanmill.screens.overview import overview
    from fanmill.watch.look import as_json as all_of
    from fanmill.watch.look import oldest_seconds
    from fanmill.watch.plain import plain

    while True:
        seen: Overview = overview(reader)
        if as_json:
            json_line(all_of(reader, seen))
            sys.stdout.flush()
        elif once:
            for each in plain(seen, settings.console_label, _width()).splitlines():
                line(each)
        if single:
            break
        sleep(interval)
    if max_age is not None:
        _judge(oldest_seconds(seen), max_age)


def _judge(age: float, max_age: float) -> None:
    from fanmill.screens.forms import lasting

    if age > max_age:
        fail(
            Exit.FAILURE,
            f"the oldest event waits for {lasting(age)}, more than {lasting(max_age)} "
            "(fanmill watch --once tells why)",
        )
    remark(f"the oldest event waits for {lasting(age)}, at most {lasting(max_age)} is allowed")


def _width() -> int:
    given = os.environ.get("COLUMNS", "")
    return shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() or given else 80
