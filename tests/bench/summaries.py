"""Measures the lead against other extracts on texts that have a reference.

    python tests/bench/summaries.py FILE.jsonl... [--documents 300] [--sentences 3]

Each line has `text` and `reference`: a headline, an abstract, a summary by people. Prints ROUGE-1
and ROUGE-2 (rouge-score, no stemming) of the lead, of sumy's methods on the same sentences, and of
one of our own that is not offered: the lead's sentences are the bar that each must pass.
"""

import argparse
import json
import statistics
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import statistics_rivals as others
from rouge_score import rouge_scorer

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.summary.extractive import lead, term_frequency
from fanmill.core.text.source_lines import Span
from fanmill.core.text.stop_words import stop_words

Method = Callable[[Analysis, int], list[Span]]
SHORTEST = 5
"""Words of a sentence that one of our own methods takes."""


def lead_of(analysis: Analysis, number: int) -> list[Span]:
    """Return what fanmill's summary has."""
    return [(each.start, each.end) for each in lead(analysis, number).sentences]


def frequent_of(analysis: Analysis, number: int) -> list[Span]:
    """Return what fanmill's summary has by FANMILL_SUMMARY_METHOD=term-frequency."""
    return [(each.start, each.end) for each in term_frequency(analysis, number).sentences]


def by_words(analysis: Analysis, number: int) -> list[Span]:
    """Return the sentences whose content words are most frequent, wherever they stand."""
    stopped = stop_words(analysis.language.code)
    words = analysis.folded_words
    counts = Counter(word for word in words if word not in stopped and len(word) > 2)
    scores = []
    for start, end in analysis.sentences:
        first, last = analysis.word_starts.searchsorted((start, end)).tolist()
        if last - first >= SHORTEST:
            said = [counts[word] for word in words[first:last]]
            scores.append((sum(said) / len(said), start, end))
    return sorted((start, end) for _, start, end in sorted(scores, reverse=True)[:number])


METHODS: dict[str, Method] = {
    "lead": lead_of,
    "frequent": frequent_of,
    "frequent words, no matter where": by_words,
}


def measure(path: Path, most: int, number: int) -> None:
    """Print a table for one file."""
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2"], use_stemmer=False)
    methods = dict(METHODS)
    for name in ("LexRank", "TextRank", "LSA", "Luhn"):
        methods[f"sumy, {name}"] = others.sumy(name)
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in methods}
    with path.open(encoding="utf-8") as lines:
        for line, _ in zip(lines, range(most), strict=False):
            document = json.loads(line)
            analysis = Analysis(Document("d", document["text"]))
            for name, method in methods.items():
                spans = method(analysis, number)
                said = " ".join(document["text"][start:end] for start, end in spans)
                scores = scorer.score(document["reference"], said)
                found[name].append(
                    (
                        100 * scores["rouge1"].recall,
                        100 * scores["rouge1"].fmeasure,
                        100 * scores["rouge2"].fmeasure,
                        len(said.split()),
                    )
                )
    out = sys.stdout.write
    out(f"\n{path.stem}, {len(found['lead'])} documents, {number} sentences\n\n")
    out("| method | ROUGE-1 recall | ROUGE-1 F1 | ROUGE-2 F1 | words |\n")
    out("| --- | ---: | ---: | ---: | ---: |\n")
    for name, rows in found.items():
        means = [statistics.fmean(column) for column in zip(*rows, strict=True)]
        out(f"| {name} | " + " | ".join(f"{mean:.1f}" for mean in means) + " |\n")


def main() -> None:
    """Print a table for each file."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--documents", type=int, default=300)
    options.add_argument("--sentences", type=int, default=3)
    given = options.parse_args()
    for path in given.files:
        measure(path, given.documents, given.sentences)


if __name__ == "__main__":
    main()
