"""`fanmill console`: the web console, and secrets for its file of accounts."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

from fanmill.cli.console import fail, guarded, line, load_settings, remark
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group
from fanmill.cli.options import RedisUrl

DEFAULT_PORT: Final = 9621

app = typer.Typer(
    name="console",
    cls=Group,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="""Serve the web console; make secrets for its accounts.

    Examples:

      fanmill console

      FANMILL_CONSOLE_ROLE=operator fanmill console

      fanmill console password
    """,
)


@app.callback()
@guarded
def console(
    context: typer.Context,
    redis_url: RedisUrl = None,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen on; 0.0.0.0 for all.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, metavar="PORT", help="Port to listen on; 0 for any free one."
        ),
    ] = DEFAULT_PORT,
) -> None:
    """Serve the web console; make secrets for its accounts.

    It only looks unless FANMILL_CONSOLE_ROLE or a file of accounts gives more rights. On SIGTERM
    or Ctrl-C it ends.

    Examples:

      fanmill console

      fanmill console --host 0.0.0.0 --port 9621
    """
    if context.invoked_subcommand is not None:
        return
    settings = load_settings(redis_url)
    _load_structlog()
    try:
        from fanmill.console_process import UnsafeConsole, UnusableAccounts, serve_console
    except ModuleNotFoundError as error:
        fail(Exit.USAGE, f"the console needs {error.name!r}: pip install 'fanmill[console]'")
    from fanmill.ops.logs import configure_logs

    configure_logs(settings.log_format, settings.log_level, role="console")
    try:
        serve_console(settings, host, port)
    except (UnsafeConsole, UnusableAccounts) as error:
        fail(Exit.USAGE, str(error))
    except OSError as error:
        fail(
            Exit.USAGE,
            f"cannot listen on {host!r}, port {port}: {error.strerror or error} (--host, --port)",
        )


def _load_structlog() -> None:
    """Load structlog without rich, which it takes for tracebacks wherever it is installed: 6 MB."""
    if "structlog" in sys.modules or "rich" in sys.modules:
        return
    sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        import structlog  # noqa: F401
    finally:
        del sys.modules["rich"]


@app.command(cls=Command)
@guarded
def password() -> None:
    """Ask for a password and print its hash for the file of accounts.

    Examples:

      fanmill console password
    """
    given = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    from fanmill.console.accounts import hashed

    line(f'password = "{hashed(given)}"')


@app.command(cls=Command)
@guarded
def token() -> None:
    """Make a token for programs, and print its digest for the file of accounts.

    Examples:

      fanmill console token
    """
    import hashlib
    import secrets

    made = secrets.token_urlsafe(32)
    remark(f"token, shown only now: {made}")
    line(f'sha256 = "{hashlib.sha256(made.encode()).hexdigest()}"')
