"""The command `fanmill`. Says what to install where its libraries are missing."""

import sys


def main() -> None:
    """Run the command line."""
    try:
        from fanmill.cli.app import app  # noqa: PLC0415  after the check below can catch it
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("fanmill"):
            raise
        sys.exit(
            f"fanmill: the command line needs {error.name!r}, which is not installed; "
            "install it with: pip install 'fanmill[local]' (or 'fanmill[worker]' where a "
            "server runs elsewhere)"
        )
    app()


if __name__ == "__main__":
    main()
