"""Accuracy and time of tagging, rivals in the same run: `make bench-tagging DATA=folder`.

Without DATA only times, memory and rules are measured, on text of our own. DATA
is a folder of public data, none of which is in the repository, as it comes:

    <set>/docsutf8/*.txt, keys/*.key, lan.txt       keyphrases, one a line; also <set>.zip
    {single-words,word-pairs,sentences}/<code>.txt  languages, one item a line
    topics/<set>/train.jsonl, test.jsonl            {"text": ..., "label": ...}; title if there is
    topics/<set>/terms.jsonl                        {"text": ..., "topics": [names that are right]}

Each may stand in a folder of its own.
"""

# ruff: noqa: T201 (a report)

import json
import random
import re
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from keyphrase_sets import keyphrase_sets
from tagging_languages import LANGUAGES

from fanmill.cli.commands.tagging.scaffold import SAMPLE
from fanmill.core.document import Document
from fanmill.core.language.detection import detect_languages
from fanmill.core.rules.parser import parse_rule
from fanmill.core.rules.rule import RawRule
from fanmill.core.rules.ruleset import Ruleset
from fanmill.core.taggers.builtin import BUILTIN
from fanmill.core.taggers.keyphrases import keyphrases
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.runner import Taggers
from fanmill.core.text.word_frequencies import reference_frequencies

SIZE = 7_000
ROUNDS = 60
PER_SET = 150


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the least time of one call: what others do on the machine only adds to it."""
    times = []
    for _ in range(rounds):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return min(times) * 1000


def text_of(size: int, language: str = "en") -> str:
    """Return prose of our own: the sentences of the samples, in turns."""
    folder = Path(__file__).parents[2] / "deploy/samples"
    rows = [
        json.loads(line)
        for name in ("news", "reprints")
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    if language == "en":
        texts = [row["text"] for row in rows[:31] if row["text"].isascii()] + [SAMPLE]
    else:
        texts = [row["text"] for row in rows if row["language"].partition("-")[0] == language]
    return "\n\n".join(texts * (1 + size // sum(map(len, texts))))[:size]


def tag_all(taggers: Taggers, text: str) -> None:
    """Tag a text from the start."""
    taggers.tag(DocumentView(Document("d", text)))


VIEWS = ("detection", "layout", "tokens", "numbers", "items", "languages")
"""Values that taggers share, in the order of their computation."""


def times() -> None:
    """Print the time of all default taggers, of each alone, and of its growth with the text."""
    taggers = Taggers(BUILTIN)
    for language in ("en", "de", "ru", "zh"):
        text = text_of(SIZE, language)

        def whole(text: str = text) -> None:
            taggers.tag(DocumentView(Document("d", text))).tagging.model_dump_json()

        whole()
        spent = milliseconds(whole)
        print(f"all default taggers, {len(text):,} characters of {language}: {spent:.2f} ms")
        parts: dict[str, float] = {}
        for _ in range(ROUNDS):
            for name, took in _parts(taggers, text):
                parts[name] = min(took, parts.get(name, took))
        print("  " + ", ".join(f"{name} {1000 * took:.3f}" for name, took in parts.items()))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  resident until here: {peak:.0f} MB")
    print("  (at most 1.5 ms and 150 MB; first what taggers share, then each alone)")
    text = text_of(SIZE)
    for name, unit in (("prose", text), ("digits", "1 2-3."), ("letters", "a"), ("marks", "(@:/#")):
        one, two = (
            milliseconds(partial(tag_all, taggers, (unit * (size // len(unit) + 1))[:size]), 3)
            for size in (100_000, 800_000)
        )
        print(f"eight times the {name}: {two / one:.1f} times as long")
    worst = {
        unit: milliseconds(partial(tag_all, taggers, unit * (1_000_000 // len(unit))), 1) / 1000
        for unit in ("1 2-3.", "4111 ", "AB12 ", "x://", "a@b ", "#a ", "1\u5143", "word another ")
    }
    print("seconds a megabyte: " + ", ".join(f"{unit!r} {s:.2f}" for unit, s in worst.items()))


def _parts(taggers: Taggers, text: str) -> Iterator[tuple[str, float]]:
    """Yield what each step takes on a document that is new, in seconds."""
    doc = DocumentView(Document("d", text))
    for name in VIEWS:
        started = perf_counter()
        getattr(doc, name)
        yield name, perf_counter() - started
    for each in taggers.ordered:
        if each.speaks(doc.language.code):
            cfg = taggers.config(each.name)
            started = perf_counter()
            each(doc, cfg)
            yield f"{each.name} tagger", perf_counter() - started


def rules(number: int = 100_000, frequent: float = 0.1) -> None:
    """Print what matching that many boolean rules takes, a share of their words being frequent."""
    chance = random.Random(3)
    words = [
        word
        for word in reference_frequencies().inverse_frequencies("en")
        if word.isalpha() and len(word) > 2
    ]

    def word() -> str:
        return (
            words[chance.randrange(100, 3000)]
            if chance.random() < frequent
            else chance.choice(words)
        )

    raws = []
    for at in range(number):
        raw: dict[str, object] = {"tag": f"t{at}", "all": [word(), word()]}
        if at % 3 == 1:
            raw["not"] = [word()]
        elif at % 3 == 2:
            raw = {"tag": f"t{at}", "all": [f"{word()} {word()}"]}
        raws.append(raw)
    started = perf_counter()
    ruleset = Ruleset(
        [parse_rule(RawRule(raw, 1), at, "bench") for at, raw in enumerate(raws)], "bench"
    )
    built = perf_counter() - started
    doc = DocumentView(Document("d", text_of(SIZE)))
    _ = doc.normal_words, doc.word_spans
    found = len(ruleset.match(doc))
    spent = milliseconds(lambda: ruleset.match(doc))
    print(
        f"{number:,} rules, {frequent:.0%} of their words frequent: {spent:.2f} ms, {found} hold "
        f"(at most 0.6 where a tenth is); built in {built:.1f} s"
    )


def language(folder: Path) -> None:
    """Print accuracy on words, pairs, sentences, and on headers in front of bodies."""
    items: dict[tuple[str, str], list[str]] = {}
    for kind in ("single-words", "word-pairs", "sentences"):
        shares = []
        for code in LANGUAGES:
            path = folder / kind / f"{code}.txt"
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            items[kind, code] = lines[:1000]
            shares.append(
                sum(detect_languages(line).main.code == code for line in lines[:1000])
                / len(lines[:1000])
            )
        print(f"{kind}: {100 * sum(shares) / len(shares):.1f} % of {len(LANGUAGES)} languages")
    chance = random.Random(1)
    right = total = 0
    for code in LANGUAGES:
        for header_code in ("en", "de"):
            for size in (200, 600, 1200) if code != header_code else ():
                for _ in range(10):
                    header = " | ".join(chance.choices(items["word-pairs", header_code], k=90))
                    body = " ".join(chance.choices(items["sentences", code], k=40))
                    sample = f"{header[:size]}\n\n{body[: 2 * size]}"
                    right += detect_languages(sample).main.code == code
                    total += 1
    print(f"header and body: {100 * right / total:.1f} % of {total} (at least 99)")


def keyphrase_f1(folder: Path) -> None:
    """Print F1 at 10 (stemmed, exact) of fanmill and YAKE on the same documents."""
    import snowballstemmer
    import yake

    stemmer = snowballstemmer.stemmer("porter")

    def normal(phrase: str) -> str:
        return " ".join(stemmer.stemWords(re.findall(r"[\w']+", phrase.lower())))

    def f1(found: Iterable[str], wanted: set[str]) -> float:
        said = set(list(dict.fromkeys(map(normal, found)))[:10])
        hits = len(said & wanted)
        return 2 * hits / (len(said) + len(wanted)) if hits else 0.0

    print("| set | documents | F1 at 10 | YAKE | times | of YAKE's time |")
    print("|---|---:|---:|---:|---:|---:|")
    for each in keyphrase_sets(folder):
        rival = yake.KeywordExtractor(lan=each.language, n=3, top=10)
        ours, theirs, our_time, their_time = [], [], 0.0, 0.0
        names = sorted(each.texts.keys() & each.keys.keys())
        random.Random(0).shuffle(names)
        for name in names[:PER_SET]:
            text = each.texts[name][:10_000]
            wanted = set(map(normal, each.keys[name].splitlines())) - {""}
            started = perf_counter()
            said = [found.phrase for found in keyphrases(DocumentView(Document("d", text)))]
            our_time += perf_counter() - started
            started = perf_counter()
            rivals = [phrase for phrase, _ in rival.extract_keywords(text)]
            their_time += perf_counter() - started
            ours.append(f1(said, wanted))
            theirs.append(f1(rivals, wanted))
        mine, yakes = 100 * sum(ours) / len(ours), 100 * sum(theirs) / len(theirs)
        print(
            f"| {each.name} | {len(ours)} | {mine:.1f} | {yakes:.1f} | "
            f"{mine / max(yakes, 0.01):.2f} | 1/{their_time / our_time:.0f} |"
        )


def read_labelled(path: Path) -> list[tuple[DocumentView, dict[str, Any]]]:
    """Return the documents of a file with what it says of each."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(DocumentView(Document("d", row["text"], title=row.get("title"))), row) for row in rows]


def topics(folder: Path) -> None:
    """Print accuracy and time of topics learnt, and of the term lists, on each set."""
    from fanmill.core.taggers.topic_model import evaluate, train
    from fanmill.core.taggers.topics import find_topics

    for each in sorted({path.parent for path in folder.glob("**/*.jsonl")}):
        if (each / "train.jsonl").exists():
            learn, tried = (
                [(doc, row["label"]) for doc, row in read_labelled(each / f"{name}.jsonl")]
                for name in ("train", "test")
            )
            model = train(learn)
            report = evaluate(model, tried)
            docs = [doc for doc, _ in tried[:500]]
            spent = milliseconds(lambda docs=docs, model=model: list(map(model.predict, docs)), 3)
            print(
                f"{each.name}: topics learnt from {len(learn):,}: "
                f"{100 * report['accuracy']:.1f} % of {len(tried):,} "
                f"(cross-validated {100 * model.report['accuracy']:.1f} %), "
                f"{1000 * spent / len(docs):.0f} us a document"
            )
        if (each / "terms.jsonl").exists():
            rows = read_labelled(each / "terms.jsonl")
            said = [(find_topics(doc), row["topics"]) for doc, row in rows]
            first = [(found[0], topics) for found, topics in said if found]
            right = sum(found.topic.name in topics for found, topics in first)
            sure = [each for each in first if each[0].probability >= 0.8]
            surely = sum(found.topic.name in topics for found, topics in sure)
            spent = milliseconds(lambda rows=rows: [find_topics(doc) for doc, _ in rows[:300]], 3)
            print(
                f"{each.name}: topics by terms: {100 * len(first) / len(rows):.0f} % said, "
                f"{100 * right / max(1, len(first)):.0f} % of that right; with 0.8 and more "
                f"{100 * len(sure) / len(rows):.0f} and {100 * surely / max(1, len(sure)):.0f} %; "
                f"{1000 * spent / min(300, len(rows)):.0f} us a document"
            )


def main() -> None:
    """Measure the taggers whose data sets are present."""
    times()
    rules()
    rules(frequent=0.3)
    if len(sys.argv) > 1 and sys.argv[1]:
        data = Path(sys.argv[1])
        for words in sorted(data.glob("**/single-words")):
            language(words.parent)
        keyphrase_f1(data)
        for labelled in sorted(data.glob("**/train.jsonl")):
            topics(labelled.parent)


if __name__ == "__main__":
    main()
