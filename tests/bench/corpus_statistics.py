"""Compares the statistics with the programs that compute the same, both sides in one run.

    make bench-statistics
    python tests/bench/corpus_statistics.py [--redpajama CHECKOUT] [--worst]

Prints a Markdown table. Each figure is the least of many runs of one call, sides taking turns, so
that a busy machine delays both alike; the ratios are what counts. Rivals that are not installed
(tests/bench/requirements.txt) are named and left out; RedPajama-V2's code is in no registry and
is taken from a checkout.
"""

import argparse
import contextlib
import importlib
import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.quality import quality_signals
from fanmill.core.readability import readability
from fanmill.core.stages import summarize_document

ROOT = Path(__file__).parents[2]

ENGLISH = 7000
CHINESE = 2333
SAMPLES = ROOT / "deploy" / "samples"
Call = Callable[[], object]


def say(line: str) -> None:
    """Write one line to standard output."""
    sys.stdout.write(f"{line}\n")


def texts() -> tuple[str, str]:
    """Return English news of 7,000 characters and Chinese of 2,333, of which a fifth repeats."""
    lines = (SAMPLES / "news.jsonl").read_text(encoding="utf-8").splitlines()
    news: dict[str, list[str]] = {"en": [], "zh": []}
    for each in map(json.loads, lines):
        news.get(each["language"][:2], []).append(each["text"])
    market = (SAMPLES / "articles" / "qingtang-night-market.txt").read_text(encoding="utf-8")
    english, chinese = "\n\n".join(news["en"]), "\n\n".join([*news["zh"], market])
    return english[:ENGLISH], f"{chinese}\n\n{chinese}"[:CHINESE]


def least(calls: dict[str, Call], seconds: float = 4.0) -> dict[str, float]:
    """Return the least milliseconds of each call, taking turns for so many seconds a call."""
    best = dict.fromkeys(calls, float("inf"))
    spent = dict.fromkeys(calls, 0.0)
    runs = dict.fromkeys(calls, 0)
    while any(spent[name] < seconds and runs[name] < 400 for name in calls):
        for name, call in calls.items():
            if spent[name] >= seconds or runs[name] >= 400:
                continue
            begin = time.perf_counter()
            call()
            took = time.perf_counter() - begin
            best[name] = min(best[name], took * 1000)
            spent[name] += took
            runs[name] += 1
    return best


def signals(text: str) -> object:
    """Compute the quality signals of a text alone, its language detected."""
    return quality_signals(Analysis(Document("d", text)))


def rivals(text: str, checkout: Path | None) -> dict[str, Call]:
    """Return what is installed, by name; say what is not."""
    found: dict[str, Call] = {}
    for name, make in (
        ("RedPajama-V2, its own code", lambda: redpajama(text, checkout)),
        ("datatrove, four filters", lambda: datatrove(text)),
        ("Dolma gopher_v1", lambda: dolma("gopher_v1", text)),
        ("textstat, six formulas", lambda: textstat(text)),
        ("pysbd, sentences", lambda: pysbd(text)),
        ("sumy, LexRank", lambda: sumy(text)),
    ):
        try:
            call = make()
            call()
            found[name] = call
        except Exception as error:  # noqa: BLE001  a rival that fails is named and left out
            say(f"- left out: {name} ({type(error).__name__}: {str(error)[:100]})")
    return found


def redpajama(text: str, checkout: Path | None) -> Call:
    """Return the published signals of RedPajama-V2."""
    if checkout is None:
        raise ModuleNotFoundError("give its checkout by --redpajama")
    spec = importlib.util.spec_from_file_location(
        "redpajama", Path(__file__).parent / "redpajama.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    published = module.Published(checkout)
    return lambda: published.signals(text)


def datatrove(text: str) -> Call:
    """Return the four filters of datatrove, in English."""
    filters = importlib.import_module("datatrove.pipeline.filters")
    document = importlib.import_module("datatrove.data").Document
    made = [
        filters.GopherQualityFilter(),
        filters.GopherRepetitionFilter(),
        filters.C4QualityFilter(),
        filters.FineWebQualityFilter(),
    ]

    def call() -> list[Any]:
        # C4 rewrites the text of its document; words are cached by text, so it differs each time.
        call.number += 1  # type: ignore[attr-defined]
        fresh = f"{text} {call.number}"  # type: ignore[attr-defined]
        return [each.filter(document(text=fresh, id="d")) for each in made]

    call.number = 0  # type: ignore[attr-defined]
    return call


def dolma(tagger: str, text: str) -> Call:
    """Return a tagger of Dolma."""
    get = importlib.import_module("dolma.taggers.gopher").get_attributes
    del tagger
    return lambda: get(text)


def textstat(text: str) -> Call:
    """Return the six formulas for English of textstat."""
    module = importlib.import_module("textstat")
    names = (
        "flesch_reading_ease",
        "flesch_kincaid_grade",
        "gunning_fog",
        "smog_index",
        "coleman_liau_index",
        "automated_readability_index",
    )

    def call() -> list[float]:
        call.number += 1  # type: ignore[attr-defined]
        fresh = f"{text} {call.number}"  # type: ignore[attr-defined]
        return [getattr(module, name)(fresh) for name in names]

    call.number = 0  # type: ignore[attr-defined]
    return call


def pysbd(text: str) -> Call:
    """Return pysbd's sentences."""
    segmenter = importlib.import_module("pysbd").Segmenter(language="en", clean=False)
    return lambda: segmenter.segment(text)


def sumy(text: str) -> Call:
    """Return three sentences by LexRank, the text split by our sentences."""
    dom = importlib.import_module("sumy.models.dom")
    tokenizer = importlib.import_module("sumy.summarizers.lex_rank").LexRankSummarizer()

    class Words:
        def to_words(self, sentence: str) -> list[str]:
            return sentence.split()

        def to_sentences(self, paragraph: str) -> list[str]:
            return [paragraph]

    analysis = Analysis(Document("d", text))
    sentences = [dom.Sentence(text[start:end], Words()) for start, end in analysis.sentences]
    parsed = dom.ObjectDocumentModel([dom.Paragraph(sentences)])
    return lambda: tokenizer(parsed, 3)


def table(checkout: Path | None) -> None:
    """Print what each side takes."""
    english, chinese = texts()
    ours: dict[str, Call] = {
        "quality signals": lambda: signals(english),
        "whole stage with summary": lambda: summarize_document(Document("d", english)),
        "quality signals, Chinese": lambda: signals(chinese),
        "whole stage, Chinese": lambda: summarize_document(Document("d", chinese)),
        "readability alone": lambda: readability(Analysis(Document("d", english))),
    }
    others = rivals(english, checkout)
    best = least({**ours, **others})
    say(f"\nPython {platform.python_version()}, {platform.machine()}, {len(english):,} characters")
    say("\n| what | ms | against the quality signals |\n| --- | ---: | ---: |")
    for name in ours:
        say(f"| **fanmill**: {name} | {best[name]:.2f} | |")
    for name in others:
        say(f"| {name} | {best[name]:.2f} | {best[name] / best['quality signals']:.1f} x |")


def worst() -> None:
    """Print the cost per byte of awkward texts against normal ones, and of larger ones."""
    english, _ = texts()
    large = english * 60
    shapes = {
        "one character repeated": "a" * 400_000,
        "one word repeated": "word " * 80_000,
        "no spaces": english.replace(" ", "").replace("\n", "") * 70,
        "100,000 lines": "A line.\n" * 100_000,
        "100,000 different lines": "".join(f"{number} x\n" for number in range(100_000)),
        "marks only": "...!?#- " * 50_000,
        "spaces only": " \n" * 200_000,
        "emoji": "👨‍👩‍👧 ok " * 20_000,
        "4 MiB of English": english * (4 * 1024 * 1024 // len(english)),
    }
    begin = time.process_time()
    summarize_document(Document("d", large))
    normal = (time.process_time() - begin) / len(large.encode())
    say("\n| text | bytes | ns per byte | against normal text |\n| --- | ---: | ---: | ---: |")
    say(f"| English, 420 kB | {len(large.encode()):,} | {normal * 1e9:.0f} | 1.0 x |")
    for name, text in shapes.items():
        took = float("inf")
        for _ in range(2):
            begin = time.process_time()
            summarize_document(Document("d", text))
            took = min(took, time.process_time() - begin)
        each = took / len(text.encode())
        say(f"| {name} | {len(text.encode()):,} | {each * 1e9:.0f} | {each / normal:.1f} x |")


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--redpajama", type=Path, help="checkout of RedPajama-Data")
    options.add_argument("--worst", action="store_true", help="awkward and large texts too")
    given = options.parse_args()
    with contextlib.suppress(BrokenPipeError):
        table(given.redpajama)
        if given.worst:
            worst()


if __name__ == "__main__":
    main()
