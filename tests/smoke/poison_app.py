"""A Celery app for `celery -A poison_app worker`: fanmill's own, but for marked texts.

A text with a mark misbehaves in the stage the mark names; every other document
goes to the real functions. Tests write the marks, the worker obeys.
"""

import os
import re
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import sleep
from typing import Final, NoReturn, TypeVar

from fanmill.core.dedup.fingerprint import Fingerprinter, TokenizedText
from fanmill.core.document import Document
from fanmill.settings import Settings
from fanmill.stage_functions import functions_of
from fanmill.steps import Functions
from fanmill.worker_process import prepare

Answer = TypeVar("Answer")

_MARK: Final = re.compile(r"\[\[(?P<deed>die|hang|raise|hold|slow) in (?P<stage>\w+)\]\]")
_POLL_SECONDS: Final = 0.01


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("alive after SIGKILL")


def _hang() -> None:
    # Endless, but not as an orphan: nobody would end us.
    parent = os.getppid()
    while os.getppid() == parent:
        sleep(_POLL_SECONDS)


def _raise() -> NoReturn:
    raise ValueError("this text is poison")


def _hold() -> None:
    # Until the test lets go: work that goes on for exactly as long as it wants.
    gate = Path(os.environ["SMOKE_GATE"])
    while not gate.exists():
        sleep(_POLL_SECONDS)


def _slow() -> None:
    # Work that takes its time: what makes a batch long enough to be hit.
    sleep(0.02)


_DEEDS: Final[dict[str, Callable[[], None]]] = {
    "die": _die,
    "hang": _hang,
    "raise": _raise,
    "hold": _hold,
    "slow": _slow,
}


def _obeying(stage: str, real: Callable[[Document], Answer]) -> Callable[[Document], Answer]:
    def work(document: Document) -> Answer:
        mark = _MARK.search(document.text)
        if mark and mark["stage"] == stage:
            _DEEDS[mark["deed"]]()
        return real(document)

    return work


class _ObeyingFingerprinter(Fingerprinter):
    """Obeys the marks for `deduplicate`, text by text."""

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Cut texts into tokens and lines, in order."""
        for text in texts:
            _obeying("deduplicate", lambda _: None)(Document("marked", text))
        return super().tokenize(texts)


_functions = functions_of(Settings())
functions: Functions = replace(
    _functions,
    fingerprint=_ObeyingFingerprinter,
    summarize=_obeying("summarize", _functions.summarize),
    tag=_obeying("tag", _functions.tag),
)

app = prepare(Settings(), functions=functions).celery
