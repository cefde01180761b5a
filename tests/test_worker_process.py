import subprocess
import sys

# In a process of its own: Celery's signals stay connected for the life of a process.
INHERITED = """
import os
from fanmill.settings import Settings
from fanmill.worker_process import prepare

wiring = prepare(Settings())
before = wiring.functions
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
