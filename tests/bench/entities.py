"""Accuracy and time of the tagger `entities`: `python tests/bench/entities.py FILE...`.

Files are as those of CoNLL-2003: a token a line, its IOB tag in the last column,
an empty line behind each sentence, `-DOCSTART-` before each document. Labels are
PER, ORG, LOC, or WNUT's; others are left out. `--spacy MODEL` measures a model
of spaCy, if installed, in the same run.
"""

# ruff: noqa: T201 (a report)

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import perf_counter

from fanmill.core.taggers.entities import find
from fanmill.taggers.gazetteer import gazetteer

LABELS = {
    "PER": "person",
    "person": "person",
    "PERSON": "person",
    "ORG": "organisation",
    "corporation": "organisation",
    "group": "organisation",
    "LOC": "place",
    "location": "place",
    "GPE": "place",
    "FAC": "place",
}
CLOSING = set(".,;:!?)]}%'") | {"n't", "''"}
SENTENCES = 20
"""Number of sentences in a document if the file marks no documents."""

Span = tuple[int, int, str]
Finder = Callable[[str], Iterable[Span]]


def documents(path: Path) -> Iterator[list[list[tuple[str, str]]]]:
    """Yield documents as sentences of tokens with their tags."""
    text = path.read_text(encoding="utf-8")
    marked = "-DOCSTART-" in text
    for part in text.split("-DOCSTART-"):
        sentences = []
        for block in part.split("\n\n"):
            rows = [line.split() for line in block.splitlines()]
            tokens = [(row[0], row[-1]) for row in rows if len(row) > 1 and row[0] != "-X-"]
            if tokens:
                sentences.append(tokens)
        size = len(sentences) if marked else SENTENCES
        for at in range(0, len(sentences), size or 1):
            yield sentences[at : at + size]


def written(sentences: list[list[tuple[str, str]]]) -> tuple[str, set[Span]]:
    """Return a document as it may have been printed, and where its names stand."""
    text, spans = "", set()
    for sentence in sentences:
        start, label = 0, None
        text = f"{text}\n" if text else ""
        for number, (word, tag) in enumerate([*sentence, ("", "O")]):
            begins, _, said = tag.partition("-")
            new = LABELS.get(said) if begins != "O" else None
            if label and (new != label or begins == "B"):
                spans.add((start, len(text), label))
                label = None
            if number and word and not (word in CLOSING or (word[0] == "'" and len(word) < 4)):
                text += " "
            if new and not label:
                start, label = len(text), new
            text += word
    return text, spans


def ours(text: str) -> Iterator[Span]:
    """Yield what fanmill finds."""
    for each in find(text, gazetteer()):
        yield each.start, each.end, each.kind


def theirs(name: str) -> Finder:
    """Return what a model of spaCy finds, with no more of its pipeline than that needs."""
    import spacy

    others = ["tagger", "parser", "senter", "attribute_ruler", "lemmatizer", "morphologizer"]
    model = spacy.load(name, exclude=others)

    def found(text: str) -> Iterator[Span]:
        for each in model(text).ents:
            # By its guidelines the article and the possessive belong to a name, by CoNLL's not.
            start = each.start_char + 4 * each.text.lower().startswith("the ")
            end = each.end_char - 2 * each.text.endswith(("'s", "\u2019s"))
            if each.label_ in LABELS and start < end:
                yield start, end, LABELS[each.label_]

    return found


def report(name: str, finder: Finder, sample: list[tuple[str, set[Span]]]) -> None:
    """Print precision, recall and F1 of exact spans, and the time."""
    right, said, there = Counter[str](), Counter[str](), Counter[str]()
    seconds, size = 0.0, 0
    for text, wanted in sample:
        started = perf_counter()
        found = set(finder(text))
        seconds += perf_counter() - started
        size += len(text)
        for spans, counts in ((found & wanted, right), (found, said), (wanted, there)):
            counts.update(kind for _, _, kind in spans)
            counts.update(["all"] * len(spans))
    shares = []
    for kind in ("person", "organisation", "place", "all"):
        precision, recall = (
            100 * right[kind] / max(1, said[kind]),
            100 * right[kind] / max(1, there[kind]),
        )
        f1 = 2 * precision * recall / ((precision + recall) or 1)
        shares.append(f"{kind} {precision:.1f} {recall:.1f} {f1:.1f}")
    print(f"{name}: {'; '.join(shares)}; {seconds / size * 7e6:.1f} ms per 7,000 characters")


def main() -> None:
    """Measure on each given file."""
    arguments = sys.argv[1:]
    finders = {"fanmill": ours}
    while "--spacy" in arguments:
        at = arguments.index("--spacy")
        finders[arguments[at + 1]] = theirs(arguments[at + 1])
        del arguments[at : at + 2]
    for path in map(Path, arguments):
        sample = [written(sentences) for sentences in documents(path)]
        for name, finder in finders.items():
            list(finder("Warm up."))
            report(f"{path.name}, {name}", finder, sample)


if __name__ == "__main__":
    main()
