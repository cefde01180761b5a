"""Intake reads by bytes: its memory does not follow from what producers send."""

import psutil
import pytest

from fanmill_contracts import limits
from polling import until

from .mill import Mill
from .plan import SWIFT, event_of, text_of

BOUND = 150 * limits.MIB


def _peak(mill: Mill) -> int:
    """Return the largest resident set that intake ever had, in bytes."""
    with open(f"/proc/{mill.intake.pid}/status", encoding="ascii") as status:  # noqa: PTH123
        (line,) = [line for line in status if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


@pytest.mark.mill(intakes=0, from_zero=True, worker_concurrency=1, **SWIFT)
@pytest.mark.parametrize(
    ("number", "megabytes", "valid", "waiting"),
    [(8, 40, False, False), (64, 4, True, True)],
    ids=["8x40-to-an-idle-intake", "64x4"],
)
def test_intake_stays_below_150_megabytes(
    mill: Mill, number: int, megabytes: int, valid: bool, waiting: bool
) -> None:
    if not waiting:
        mill.start_intake()
    for one in range(number):
        if valid:
            filler = text_of(one) * (megabytes * 1_000_000 // len(text_of(one)))
            event = event_of(one, text=filler)
            mill.redis.xadd(mill.keys.ingested, {"event": event.model_dump_json(exclude_none=True)})
        else:
            mill.publish_body(b'{"id":"%d","x":"' % one + b"x" * megabytes * 1_000_000)
    if waiting:
        mill.start_intake()
    before = psutil.Process(mill.intake.pid).memory_info().rss
    until(lambda: mill.rejected() + mill.counter("admitted") == number, 120, mill._state)
    peak = _peak(mill)
    print(f"intake: {before / 1e6:.0f} MB when ready, {peak / 1e6:.0f} MB at its peak")  # noqa: T201
    assert peak < BOUND
    if not valid:
        kept = int(mill.redis.memory_usage(mill.keys.rejected, samples=0) or 0)
        print(f"rejected stream: {kept / 1e6:.1f} MB")  # noqa: T201
        assert kept < number * 100_000
