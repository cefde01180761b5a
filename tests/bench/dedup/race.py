"""Raced groups over four processes, with kill -9 and redelivery.

python -m bench.dedup.race [groups] [kills]
"""

from __future__ import annotations

import sys

from bench.dedup.table import table
from dedup_race import race
from dedup_servers import running


def main() -> None:
    groups = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with running() as server:
        outcome = race(server.port, groups, kills)
    print(
        table(
            ("figure", "value"),
            [
                ("groups of 4 near-identical documents", outcome.groups),
                ("processes killed", outcome.killed),
                ("documents delivered again", outcome.redelivered),
                ("groups with two originals", outcome.with_two_originals),
                ("groups with none", outcome.with_none),
                ("documents whose verdict changed", outcome.changed_verdicts),
                ("seconds", f"{outcome.seconds:.0f}"),
            ],
        )
    )


if __name__ == "__main__":
    main()
