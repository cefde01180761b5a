"""Benchmark of the whole: documents through all stages, beside the stages' functions alone.

The functions alone, in one process, are what no service around them can pass. `make bench` runs
this after the frame; `python tests/bench/whole.py --help`.
"""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any, Final

from figures import Throughput, by_name, median_rate
from machine import machine, versions
from service import Surroundings, say, surroundings, worked_off

from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.document import Document
from fanmill.core.turns import ByGroup, groups
from fanmill.settings import Settings
from fanmill.stage_functions import functions_of
from fanmill.steps.stage_results import members_json
from fanmill.worker_process import share_tables
from fanmill_contracts import DocumentIngested

TEXT_CHARACTERS: Final = 7000
WARM_UP: Final = 64
BATCH: Final = 64
TARGET_RATE: Final = 280.0
TARGET_SHARE: Final = 0.8
SAMPLES: Final = Path(__file__).parents[2] / "deploy/samples/news.jsonl"


def documents(count: int, run: str) -> Iterator[DocumentIngested]:
    """Yield English documents: sentences of the samples, chosen anew for each, in paragraphs.

    A third of their words are others, or documents would share more than those of any stream do.
    """
    rows = map(json.loads, SAMPLES.read_text(encoding="utf-8").splitlines())
    pool = [
        sentence
        for row in rows
        if row["language"].startswith("en")
        for sentence in row["text"].replace("\n", " ").split(". ")
    ]
    words = sorted({word for sentence in pool for word in sentence.split() if word.islower()})
    chance = Random(run)

    def varied(sentence: str) -> str:
        return " ".join(
            chance.choice(words) if word.islower() and chance.random() < 0.33 else word
            for word in sentence.split()
        )

    for number in range(count):
        parts: list[str] = []
        length = 0
        while length < TEXT_CHARACTERS:
            end = ".\n\n" if chance.random() < 0.15 else ". "
            parts.append(varied(chance.choice(pool)) + end)
            length += len(parts[-1])
        yield DocumentIngested.create(
            f"{run}-{number}",
            "".join(parts)[:TEXT_CHARACTERS],
            source="/bench",
            event_id=f"{run}-{number}",
        )


def functions_alone(events: list[DocumentIngested], *, with_lines: bool = False) -> Throughput:
    """Work the functions of all stages and write their findings as JSON, in this process.

    `with_lines` makes fingerprints as a stage does, which knows how often it has seen each line:
    a text with labels then has two representations.
    """
    functions = functions_of(Settings())
    signer = functions.fingerprint(DedupParameters())
    started, cpu = perf_counter(), process_time()
    for at in range(0, len(events), BATCH):
        batch = [
            Document(each.data.document_id, each.data.text) for each in events[at : at + BATCH]
        ]
        texts = signer.tokenize([document.text for document in batch])
        seen = [bytes(len(each.lines.hashes)) for each in texts]
        signer.fingerprints(texts, seen if with_lines else None)
        # A stage after the other, as workers do: functions that take turns cost more.
        for function in (functions.summarize, functions.tag):
            assert isinstance(function, ByGroup)
            found = [each for group in groups(batch) for each in function.of_group(group)]
            for members in found:
                assert not isinstance(members, Exception)
                members_json(members)
    result = Throughput(
        "functions alone",
        len(events),
        perf_counter() - started,
        {"worker": process_time() - cpu},
    )
    say(f"  {result.name}: {result.rate:,.0f} documents/s")
    return result


class Whole:
    """All measurements of one run.

    Args:
        folder: For the servers' data and the logs; thrown away afterwards.
        options: See `--help`.
    """

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self._folder = folder
        self._options = options
        self._runs = 0

    def run(self) -> dict[str, Any]:
        """Measure everything and return the figures, medians of all repetitions."""
        # The limits of the garbage collector that a worker sets, for the functions alone, too.
        share_tables()
        count = self._options.documents
        events = list(documents(count, "load"))
        functions_alone(events[:WARM_UP])
        results: list[Throughput] = []
        for turn in range(self._options.repeats):
            say(f"repetition {turn + 1} of {self._options.repeats}")
            # Both sides in turn: what else the machine does meets them alike.
            results.append(functions_alone(events))
            results += [self._service(children, events) for children in self._options.children]
        return {
            "machine": machine(),
            "versions": self._versions,
            "documents": count,
            "repeats": self._options.repeats,
            "rows": _rows(results),
        }

    def _service(self, children: int, events: list[DocumentIngested]) -> Throughput:
        with self._server(children) as place:
            return worked_off(
                f"fanmill, {children} process{'es' if children > 1 else ''}",
                place,
                worker=["-m", "fanmill", "worker"],
                intake=["-m", "fanmill", "intake"],
                warm=documents(WARM_UP, "warm"),
                load=events,
            )

    @contextmanager
    def _server(self, children: int) -> Iterator[Surroundings]:
        self._runs += 1
        with surroundings(
            self._folder / str(self._runs), batch=BATCH, children=children, log_level="info"
        ) as place:
            self._versions = versions(place.redis)
            yield place


def _rows(results: list[Throughput]) -> list[dict[str, Any]]:
    rows = [
        {
            "name": name,
            "rate": median_rate(mine),
            "cpu_ms": 1000
            * statistics.median(sum(each.cpu.values()) / each.documents for each in mine),
        }
        for name, mine in by_name(results).items()
    ]
    alone = rows[0]["rate"]
    return [{**row, "share": row["rate"] / alone} for row in rows]


def report(results: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    computer = results["machine"]
    numbers = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    shown = "".join(
        f"| {row['name']} | {row['rate']:,.0f} "
        f"| {100 * row['share']:.0f} % | {row['cpu_ms']:.2f} |\n"
        for row in results["rows"]
    )
    return f"""\
{results["documents"]:,} documents of {TEXT_CHARACTERS:,} characters, all stages; \
median of {results["repeats"]}.
{computer["processor"]}, {computer["cpus"]} CPUs, load {computer["load"]:.1f}; {numbers}.

| | documents/s | share of the functions alone | CPU ms/document, all processes |
|---|---:|---:|---:|
{shown}
Targets: {TARGET_RATE:g} documents/s and {100 * TARGET_SHARE:g} % with one process.
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=1500, help="in each measurement (1500)")
    parser.add_argument("--repeats", type=int, default=3, help="the median is reported (3)")
    parser.add_argument(
        "--children", type=int, nargs="+", default=[1, 2], help="processes of a worker (1 2)"
    )
    parser.add_argument("--json", action="store_true", help="figures for programs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fanmill-bench-") as folder:
        results = Whole(Path(folder), options).run()
    sys.stdout.write(json.dumps(results, indent=2) + "\n" if options.json else report(results))


if __name__ == "__main__":
    main()
