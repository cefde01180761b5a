"""Comparison of the statistics with programs that compute the same ones, both in one run.

    make bench-statistics
    python tests/bench/corpus_statistics.py [--redpajama CHECKOUT] [--treebanks FOLDER] [--worst]

It prints a Markdown table. Each figure is the minimum of many runs of one call. The sides take
turns, so a busy machine delays both alike; only the ratios count. Rivals that are not installed
(tests/bench/requirements.txt) are named and left out. RedPajama-V2's code is in no registry and
is read from a checkout.
"""

import argparse
import contextlib
import functools
import itertools
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TypeVar

import statistics_rivals as others

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.language.detectors import Language
from fanmill.core.stages import Summarizer
from fanmill.core.statistics.readability import readability
from fanmill.core.statistics.redpajama import quality_signals
from fanmill.core.text.layout import lay_out
from fanmill.core.text.sentences import sentence_spans

ROOT = Path(__file__).parents[2]

ENGLISH = 7000
CHINESE = 2333
BATCH = 10
"""Calls in a turn."""
SAMPLES = ROOT / "deploy" / "samples"
Call = Callable[[], object]
GIVEN = "quality signals, language given"
Made = TypeVar("Made")


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
    """Return the least milliseconds of each call, taking turns for so many seconds a call.

    A turn is ten calls, as a stage works on a batch: the first of them finds the caches full of
    what the others left there.
    """
    best = dict.fromkeys(calls, float("inf"))
    spent = dict.fromkeys(calls, 0.0)
    runs = dict.fromkeys(calls, 0)
    while any(spent[name] < seconds and runs[name] < 400 for name in calls):
        for name, call in calls.items():
            for _ in range(BATCH):
                if spent[name] >= seconds or runs[name] >= 400:
                    break
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


def signals_of(text: str, language: str) -> object:
    """Compute the quality signals with the language given, as most rivals get it."""
    analysis = Analysis(Document("d", text))
    analysis.__dict__["language"] = Language(language, 1.0)
    return quality_signals(analysis)


def available(makers: dict[str, Callable[[], Made]]) -> dict[str, Made]:
    """Return what is installed, by name; say what is not."""
    found: dict[str, Made] = {}
    for name, make in makers.items():
        try:
            made = make()
            if not name.startswith("ends: "):
                made()  # type: ignore[operator]
            found[name] = made
        except (Exception, SystemExit) as error:  # noqa: BLE001  named and left out
            say(f"- left out: {name} ({type(error).__name__}: {str(error)[:100]})")
    return found


def rivals(english: str, chinese: str, checkout: Path | None) -> dict[str, Call]:
    """Return the others' calls on the same texts."""
    return available(
        {
            "RedPajama-V2, its own code": lambda: others.redpajama(english, checkout),
            "datatrove, four filters": lambda: others.datatrove(english),
            "Dolma gopher_v1": lambda: others.gopher(english),
            "Dolma repetitions_v1": lambda: others.repetitions(english),
            "textstat, six formulas": lambda: others.textstat(english),
            "uniseg, words": lambda: others.uniseg(english),
            "sumy, LexRank": lambda: others.sumy_call(english),
            "jieba, words of the Chinese text": lambda: others.jieba(chinese),
        }
    )


def table(checkout: Path | None) -> None:
    """Print what each side takes."""
    english, chinese = texts()
    parts = {
        "words": lambda: Analysis(Document("d", english)).word_starts,
        "words, Chinese": lambda: Analysis(Document("d", chinese)).word_starts,
    }
    ours: dict[str, Call] = {
        "quality signals": lambda: signals(english),
        GIVEN: lambda: signals_of(english, "en"),
        "whole stage with summary": lambda: Summarizer()(Document("d", english)),
        "quality signals, Chinese": lambda: signals(chinese),
        "whole stage, Chinese": lambda: Summarizer()(Document("d", chinese)),
        "readability alone": lambda: readability(Analysis(Document("d", english))),
        **parts,
    }
    theirs = rivals(english, chinese, checkout)
    best = least({**ours, **theirs})
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    say(f"\n{machine()}, {os.cpu_count()} CPUs, load {load}")
    say(f"Python {platform.python_version()}, {platform.machine()}, {len(english):,} characters")
    say(f"\n| what | ms | times {GIVEN} |\n| --- | ---: | ---: |")
    for name in ours:
        say(f"| **fanmill**: {name} | {best[name]:.2f} | |")
    for name in theirs:
        say(f"| {name} | {best[name]:.2f} | {best[name] / best[GIVEN]:.1f} x |")


def machine() -> str:
    """Return what the processor calls itself."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def treebank(path: Path, *, spaced: bool) -> list[tuple[str, set[int]]]:
    """Return texts of a treebank (CoNLL-U), with where their sentences end but the last.

    A text is a document of the treebank; where it does not tell them apart, 25 sentences.
    """
    documents: list[list[str]] = [[]]
    lines = path.read_text(encoding="utf-8").splitlines()
    told = any(line.startswith("# newdoc") for line in lines)
    sentence, last = "", ""
    for line in lines:
        if (told and line.startswith("# newdoc")) or (not told and len(documents[-1]) == 25):
            documents.append([])
        if line.startswith("# text ="):
            sentence = line.partition("=")[2].strip()
        elif line[:1].isdigit():
            last = line
        elif not line and sentence:
            gap = " " if spaced and "SpaceAfter=No" not in last.rpartition("\t")[2] else ""
            documents[-1].append(sentence + gap)
            sentence = ""
    found = []
    for part in filter(None, documents):
        ends = itertools.accumulate(map(len, part[:-1]))
        gold = {end - (part[at][-1] == " ") for at, end in enumerate(ends)}
        found.append(("".join(part).rstrip(), gold))
    return found


def sentences(folder: Path) -> None:
    """Print boundary F1 and time of sentences on the treebanks `en.conllu`, ... of a folder."""
    makers = {
        "pysbd": others.pysbd,
        "nupunkt": others.nupunkt,
        "sentencex": others.sentencex,
        "uniseg": others.uniseg_sentences,
    }
    say("\n| sentences | F1 | ms per 7,000 characters |\n| --- | ---: | ---: |")
    for language in ("en", "de", "ru", "zh"):
        path = folder / f"{language}.conllu"
        if not path.exists():
            continue
        documents = treebank(path, spaced=language != "zh")
        made = available(
            {
                f"ends: {name}": functools.partial(make, language)
                for name, make in makers.items()
                if name != "nupunkt" or language != "zh"
            }
        )
        calls = {f"ends: **fanmill**, {library()}": ours_of(language), **made}
        for name, call in calls.items():
            right = total = 0
            begin = time.perf_counter()
            answers = [call(text) - {len(text)} for text, _ in documents]
            took = time.perf_counter() - begin
            for (_, gold), found in zip(documents, answers, strict=True):
                right += 2 * len(gold & found)
                total += len(gold) + len(found)
            each = took * 1000 * ENGLISH / sum(len(text) for text, _ in documents)
            short = name.removeprefix("ends: ")
            say(f"| {language}: {short} | {100 * right / total:.1f} | {each:.2f} |")


def library() -> str:
    """Return what our sentences rest on."""
    return f"ICU by icu4py {metadata.version('icu4py')}"


def ours_of(language: str) -> others.Boundaries:
    """Return our sentences in a language."""
    return lambda text: {end for _, end in sentence_spans(lay_out(text, language).prose, language)}


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
    Summarizer()(Document("d", large))
    normal = (time.process_time() - begin) / len(large.encode())
    say("\n| text | bytes | ns per byte | against normal text |\n| --- | ---: | ---: | ---: |")
    say(f"| English, 420 kB | {len(large.encode()):,} | {normal * 1e9:.0f} | 1.0 x |")
    for name, text in shapes.items():
        took = float("inf")
        for _ in range(2):
            begin = time.process_time()
            Summarizer()(Document("d", text))
            took = min(took, time.process_time() - begin)
        each = took / len(text.encode())
        say(f"| {name} | {len(text.encode()):,} | {each * 1e9:.0f} | {each / normal:.1f} x |")


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--redpajama", type=Path, help="checkout of RedPajama-Data")
    options.add_argument("--treebanks", type=Path, help="folder with en.conllu, de.conllu, ...")
    options.add_argument("--worst", action="store_true", help="awkward and large texts too")
    given = options.parse_args()
    with contextlib.suppress(BrokenPipeError):
        table(given.redpajama)
        if given.treebanks:
            sentences(given.treebanks)
        if given.worst:
            worst()


if __name__ == "__main__":
    main()
