"""A fork of the fork server is a process like one from zero: what it gets, says and ends with."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from fork_server import Fork, has_ended, popen, run
from fork_server.client import OWN_VARIABLES
from polling import until

TOLD = """
import json, os, signal, sys, threading

print(json.dumps({
    "argv": sys.argv[1:],
    "name": __name__,
    "folder": os.getcwd(),
    "environment": sorted(os.environ.items()),
    "files": sorted(os.listdir("/proc/self/fd")),
    "leader": os.getsid(0) == os.getpid(),
    "path": sys.path[:2],
    "signals": [str(signal.getsignal(each)) for each in (signal.SIGINT, signal.SIGTERM)],
    "ignored": [each.name for each in signal.Signals if signal.getsignal(each) == signal.SIG_IGN],
    "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    "streams": [
        (each.fileno(), each.encoding, each.errors, each.line_buffering, each.write_through,
         each.mode, each.newlines, each.isatty())
        for each in (sys.stdin, sys.stdout, sys.stderr)
    ],
    "threads": threading.active_count(),
    "read": sys.stdin.read(),
}))
print("remark", file=sys.stderr)
"""

ENDS = {
    "nothing": "",
    "a-code": "sys.exit(3)",
    "a-sentence": "sys.exit('too bad')",
    "an-exception": "raise ValueError('no')",
    "an-interrupt": "os.kill(os.getpid(), signal.SIGINT); time.sleep(60)",
    "a-signal": "os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)",
    "a-kill": "os.kill(os.getpid(), signal.SIGKILL)",
    "at-once": "os._exit(7)",
    "a-thread": "threading.Thread(target=lambda: (time.sleep(0.1), print('late'))).start()",
    "a-closed-pipe": "sys.stdout.close(); os.close(1)",
}
"""Programs that end, each in another way."""


def module(folder: Path, program: str) -> list[str]:
    """Write a module into a folder; return the command that runs it."""
    (folder / "one_of_a_test.py").write_text(program)
    return [sys.executable, "-m", "one_of_a_test", "--word", "ü"]


@pytest.mark.parametrize("session", [False, True])
@pytest.mark.parametrize("variables", [{}, {"PYTHONUNBUFFERED": "1", "FANMILL_NAMESPACE": "ü\n"}])
@pytest.mark.parametrize("streams", ["pipes", "a-file", "a-terminal"])
def test_a_fork_gets_what_a_process_gets(
    tmp_path: Path, session: bool, variables: dict[str, str], streams: str
) -> None:
    command = module(tmp_path, TOLD)
    inherited = {name: os.environ[name] for name in os.environ.keys() - {"PYTHONUNBUFFERED"}}
    environment = {**inherited, "PYTHONPATH": str(tmp_path), **variables}

    def told(kind: type[subprocess.Popen[Any]]) -> tuple[Any, list[str]]:
        pipe, options = subprocess.PIPE, {"env": environment, "start_new_session": session}
        if streams == "pipes":
            with kind(command, stdin=pipe, stdout=pipe, stderr=pipe, **options) as process:
                said = b"".join(process.communicate(b"words\n", timeout=60))
        elif streams == "a-file":
            path, options = tmp_path / "out", {**options, "cwd": tmp_path}
            with path.open("wb") as file:
                kind(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, **options).wait()
            said = path.read_bytes()
        else:
            ours, theirs = pty.openpty()
            with kind(command, stdin=theirs, stdout=theirs, stderr=theirs, **options):
                os.write(ours, b"words\n\x04")
            os.close(theirs)
            said = os.read(ours, 1 << 16)
            os.close(ours)
        *others, found = sorted(said.decode().splitlines())
        return json.loads(found), others

    assert told(Fork) == told(subprocess.Popen)


@pytest.mark.parametrize("program", ENDS.values(), ids=ENDS)
def test_a_fork_ends_as_a_process_does(tmp_path: Path, program: str) -> None:
    imports = "import atexit, os, signal, sys, threading, time\n"
    said = "atexit.register(print, 'at exit')\nprint('first', flush=True)\n"
    command = module(tmp_path, imports + said + program)
    seen = []
    for kind in (Fork, subprocess.Popen):
        with kind(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            out, err = process.communicate(timeout=60)
        # The frames of a traceback differ, for the server called the module.
        seen.append((process.returncode, out, err.splitlines()[-1:]))
    assert seen[0] == seen[1]


def test_a_process_that_has_ended_keeps_its_id_until_somebody_waits(tmp_path: Path) -> None:
    command = module(tmp_path, "import time; time.sleep(600)")
    for kind in (Fork, subprocess.Popen):
        with kind(command, cwd=tmp_path) as process:
            assert process.poll() is None
            assert not has_ended(process)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.01)
            os.kill(process.pid, signal.SIGKILL)
            until(lambda started=process: has_ended(started), 60, "it has ended")
            assert psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE
            assert process.wait() == -signal.SIGKILL
            assert has_ended(process)
            assert not psutil.pid_exists(process.pid)


def test_forks_end_with_the_process_that_wanted_them(tmp_path: Path) -> None:
    module(tmp_path, "import time; print('here', flush=True); time.sleep(600)")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from fork_server import Fork\n"
        "fork = Fork([sys.executable, '-m', 'one_of_a_test'], cwd=sys.argv[2])\n"
        "print(fork.pid, flush=True); fork.wait()\n"
    )
    command = [sys.executable, "-c", program, str(Path(__file__).parent), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = {process.stdout.readline().strip() for _ in range(2)}
        (pid,) = map(int, lines - {"here"})
        process.kill()
    until(lambda: not psutil.pid_exists(pid), 60, "the fork has ended")


def test_a_command_is_a_fork_only_where_nothing_else_differs(tmp_path: Path) -> None:
    fanmill = [sys.executable, "-m", "fanmill"]
    ours: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    own = {**os.environ, "FANMILL_NAMESPACE": "other", "COLUMNS": "90"}
    for command, options, forked in (
        ([*fanmill, "--version"], {}, True),
        ([*fanmill, "--version"], {"env": own, "cwd": tmp_path}, True),
        ([*fanmill, "--version"], {"from_zero": True}, False),
        ([*fanmill, "--version"], {"env": {**os.environ, "NO_COLOR": "1"}}, False),
        ([*fanmill, "--version"], {"env": {}}, False),
        ([*fanmill, "--version"], {"umask": 7}, False),
        ([*fanmill, "watch", "--help"], {}, False),
        ([sys.executable, "-c", ""], {}, False),
        ([sys.executable, "-m", "this", "--version"], {}, False),
        (["/bin/echo", "-m", "fanmill"], {}, False),
    ):
        with popen(command, **ours, **options) as process:
            assert process.wait(60) == 0
        assert isinstance(process, Fork) == forked, (command, options)


def test_run_answers_as_that_of_subprocess() -> None:
    command = [sys.executable, "-m", "fanmill", "tag", "-", "--json"]
    forked = run(command, input="A bridge.", text=True, capture_output=True, timeout=60)
    started = run(
        command, input="A bridge.", text=True, capture_output=True, timeout=60, from_zero=True
    )
    assert forked.returncode == started.returncode == 0
    assert forked.stderr == started.stderr
    assert json.loads(forked.stdout) == json.loads(started.stdout)
    with pytest.raises(subprocess.CalledProcessError):
        run([*command, "--unknown"], input="", text=True, capture_output=True, check=True)
    with pytest.raises(subprocess.TimeoutExpired):
        run([sys.executable, "-m", "fanmill", "intake"], capture_output=True, timeout=0.01)


def test_no_module_reads_a_variable_of_its_own_while_it_is_loaded() -> None:
    program = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); read = set()\n"
        "before = os._Environ.__getitem__, os._Environ.__iter__\n"
        "os._Environ.__getitem__ = lambda self, name: (read.add(name), before[0](self, name))[1]\n"
        "os._Environ.__iter__ = lambda self: (read.add('FANMILL_*'), before[1](self))[1]\n"
        "from fork_server import server; server.load(); print(*sorted(read))"
    )
    read = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "PYDANTIC_DISABLE_PLUGINS" in read
    assert [name for name in read if name.startswith(OWN_VARIABLES)] == []
