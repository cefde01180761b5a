"""The two channels of a command: results on stdout, remarks on stderr; how errors end it."""

import functools
import sys
from collections.abc import Callable
from typing import Any, Final, NoReturn, ParamSpec, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError
from redis.exceptions import RedisError
from rich.console import Console

from fanmill.cli.exits import Exit
from fanmill.cli.sources import UnreadablePath
from fanmill.core.plugin import PluginError
from fanmill.core.rules.rule import RuleError
from fanmill.local.server import ServerUnavailable
from fanmill.plugins.choice import ALL, wanted_sets
from fanmill.settings import Settings
from fanmill.stores.index import IndexParametersDiffer
from fanmill.stores.redis.connection import ServerRefused
from fanmill_contracts import BacklogFull, ContractError, ServerError

_PIPE_WIDTH: Final = 132

stdout = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
"""Results. A pipe or a file has no width of its own; 80 would cut off more than need be."""

stderr = Console(stderr=True, highlight=False)
"""Everything else: progress, remarks, errors."""

P = ParamSpec("P")
R = TypeVar("R")


def fail(code: Exit, message: str) -> NoReturn:
    """Say on stderr why the command ends, and end it."""
    stderr.print(f"[bold red]fanmill:[/] {escaped(message)}", soft_wrap=True)
    raise typer.Exit(code)


def escaped(text: str) -> str:
    """Return text whose square brackets rich leaves alone."""
    return text.replace("[", r"\[")


def line(text: str) -> None:
    """Write one result line to stdout as it is."""
    sys.stdout.write(text + "\n")


def json_line(value: Any) -> None:
    """Write any dataclass, model, list or dict of them as one line of JSON."""
    line(TypeAdapter(type(value)).dump_json(value).decode())


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors a user can do something about into a message and an exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt:
            stderr.print("interrupted")
            raise typer.Exit(Exit.INTERRUPTED) from None
        except BacklogFull as error:
            fail(Exit.BACKLOG, str(error))
        except ServerError as error:
            fail(Exit.SERVER, str(error))
        except (ContractError, UnreadablePath, PluginError, RuleError) as error:
            fail(Exit.USAGE, str(error))
        except (ServerUnavailable, ServerRefused) as error:
            fail(Exit.SERVER, str(error))
        except IndexParametersDiffer as error:
            fail(Exit.USAGE, str(error))
        except RedisError as error:
            fail(
                Exit.SERVER,
                f"server: {error}; is it running? (--redis-url or FANMILL_REDIS_URL; "
                "fanmill doctor tells more)",
            )
        except BrokenPipeError:
            # `fanmill results | head`: the reader has had enough.
            sys.stderr.close()
            raise typer.Exit(Exit.DONE) from None

    return run


def load_settings(redis_url: str | None = None, **overrides: object) -> Settings:
    """Return the settings from the environment, with what the command line says on top."""
    given = {name: value for name, value in overrides.items() if value is not None}
    if redis_url is not None:
        given["redis_url"] = redis_url
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in detail['loc']) or 'settings'}: {detail['msg']}"
            for detail in error.errors(include_url=False)
        )
        fail(Exit.USAGE, f"settings: {problems} (variables FANMILL_..., see fanmill config)")
    if settings.statistics != (ALL,):
        try:
            wanted_sets(settings.statistics)
        except ValueError as error:
            fail(Exit.USAGE, str(error))
    return settings
