"""The command `fanmill`. It says what to install where its libraries are missing."""

import os
import signal
import sys
from typing import Any, NoReturn

_PROBES = (["live"], ["ready"])


def main() -> None:
    """Run the command line."""
    if sys.argv[1:2] == ["health"] and sys.argv[2:] in _PROBES:
        # A probe of a container runs every few seconds: it loads a tenth of the command line.
        from fanmill.ops.health import check  # noqa: PLC0415

        sys.exit(check(sys.argv[2]))  # type: ignore[arg-type]
    if os.getpid() == 1:
        # The kernel drops signals to the first process of a container that have no handler, and
        # the handlers of intake and worker follow only after their modules are loaded.
        signal.signal(signal.SIGTERM, _end)
    # Pydantic would read the metadata of every installed distribution to find plugins: a sixth
    # of the time of a short command. A value that the user has set stays.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A process works on one document at a time; the threads that numpy would start in each of them
    # wait for work on the CPUs of the others.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        # A terminal without Unicode shows escapes in place of an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        from fanmill.cli.app import app  # noqa: PLC0415  the handler below needs no library

        app(prog_name="fanmill")
    except OSError as error:
        # A help page for a full disk or a closed pipe.
        sys.exit(f"fanmill: {error.strerror}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("fanmill"):
            raise
        sys.exit(
            f"fanmill: the command line needs {error.name!r}, which is not installed; "
            "install it with: pip install 'fanmill[local]' (or 'fanmill[worker]' where a "
            "server runs elsewhere)"
        )


def _end(number: int, _: Any) -> NoReturn:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
