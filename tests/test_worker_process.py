import subprocess
import sys

import pytest

# In a process of its own: Celery's signals stay connected for the life of a process.
INHERITED = """
import os
from fanmill.settings import Settings
from fanmill.worker_process import prepare

wiring = prepare(Settings())
before = wiring.stage_functions
read, write = os.pipe()
if os.fork() == 0:
    same = wiring.worker_services().functions is before
    os.write(write, b"same" if same else b"other")
    os._exit(0)
os.wait()
print(before is not None, os.read(read, 9).decode())
"""


def test_children_of_a_worker_inherit_rules_and_models_instead_of_reading_them_again() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INHERITED], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.stdout.split() == ["True", "same"], done.stderr


# A child reads no list of words again: the tables of each language are there before the fork.
SHARED = """
import os
from pathlib import Path
from fanmill.core.document import Document
from fanmill.core.text import word_frequencies
from fanmill.core.warm_up import TEXTS
from fanmill.settings import Settings
from fanmill.worker_process import prepare, share_tables

functions = prepare(Settings()).stage_functions
share_tables()
if os.fork():
    os.wait()
else:
    read = word_frequencies._wordfreq.cache_info().misses
    for number in range(60):
        for language, text in TEXTS.items():
            document = Document(f"{language}-{number}", text.replace("12", str(number)))
            functions.summarize(document)
            functions.tag(document)
    status = Path("/proc/self/smaps_rollup").read_text().splitlines()
    own = sum(int(line.split()[1]) for line in status if line.startswith("Private_"))
    print(own // 1024, word_frequencies._wordfreq.cache_info().misses - read)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_children_of_a_worker_share_its_tables() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHARED], capture_output=True, text=True, check=False, timeout=60
    )

    own_mb, lists_read = map(int, done.stdout.split())
    assert own_mb <= 30, done.stderr
    assert lists_read == 0


INTAKE = """
import sys
from fanmill.intake_process import run_intake
from fanmill.settings import Settings
from fanmill.wiring import Wiring

Wiring(Settings()).intake("intake-1")
print(*sys.modules)
"""


def test_an_intake_loads_no_function_of_a_stage() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTAKE], capture_output=True, text=True, check=True, timeout=60
    )

    loaded = set(done.stdout.split())
    assert "fanmill.intake.intake" in loaded
    assert not loaded & {
        "numpy",
        "rensa",
        "fanmill.steps",
        "fanmill.core.stages",
        "fanmill.tagger_set",
    }
