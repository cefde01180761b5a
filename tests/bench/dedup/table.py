"""Markdown tables, and times of alternated runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def best_seconds(sides: dict[str, Callable[[], object]], rounds: int = 9) -> dict[str, float]:
    """Return the minimum CPU seconds of several rounds for each side; the sides take turns.

    CPU time, because other work on the machine does not count in it.
    """
    best = dict.fromkeys(sides, float("inf"))
    for _ in range(rounds):
        for name, run in sides.items():
            began = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - began)
    return best
