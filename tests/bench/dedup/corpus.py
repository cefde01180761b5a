"""Realistic corpora with copies of every kind, from a seed; or a user's JSONL.

Words follow Zipf's law over a vocabulary of pronounceable words with stock
phrases, sentences and paragraphs, so that unlike documents share short runs as
real ones do. Chinese texts are made of characters in the same way.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.dedup.made_up_language import Language


@dataclass(frozen=True)
class Document:
    """A text and where it comes from; `family` 0 means: an article of its own."""

    id: str
    text: str
    family: int
    kind: str


def _edit_words(language: Language, sentences: list[list[str]], share: float) -> list[list[str]]:
    """Replace, drop, insert or swap a share of the words."""
    chance = language.chance
    made = []
    for words in sentences:
        out: list[str] = []
        for word in words:
            kind = chance.randrange(4) if chance.random() < share else -1
            if kind == 0:
                out.append(language.word())
            elif kind == 1:
                out += [word, language.word()]
            elif kind == 2 and out:
                out.insert(-1, word)
            elif kind != 3:
                out.append(word)
        made.append(out or words)
    return made


def _variant(language: Language, article: list[list[str]], kind: str) -> str:
    chance = language.chance
    sentences = [list(s) for s in article]
    n = len(sentences)
    if kind == "light edits":
        sentences = _edit_words(language, sentences, chance.uniform(0.001, 0.012))
    elif kind == "heavy edits":
        sentences = _edit_words(language, sentences, chance.uniform(0.02, 0.10))
    elif kind == "sentences dropped":
        keep = max(1, round(n * chance.uniform(0.6, 0.97)))
        sentences = [sentences[i] for i in sorted(chance.sample(range(n), keep))]
    elif kind == "sentences added":
        for _ in range(max(1, round(n * chance.uniform(0.03, 0.5)))):
            sentences.insert(chance.randrange(len(sentences) + 1), language.sentence())
    elif kind == "truncated":
        sentences = sentences[: max(1, round(n * chance.uniform(0.5, 0.97)))]
    elif kind == "shuffled":
        chance.shuffle(sentences)
    elif kind == "updated":  # new lead, new figures
        sentences[0] = language.sentence()
        sentences = [
            [str(chance.randrange(5000)) if w.isdigit() else w for w in s] for s in sentences
        ]
        sentences = _edit_words(language, sentences, chance.uniform(0, 0.01))
    text = language.render(sentences, per_paragraph=chance.choice((2, 4, 6, 50)))
    if kind == "typography":
        text = text.upper() if chance.random() < 0.3 else text.replace(". ", ".\u00a0\u200b ")
        text = text.replace("'", "\u2019").replace("\n", "\r\n\r\n")
    return text


KINDS = {
    "same": 18,
    "typography": 16,
    "light edits": 36,
    "updated": 10,
    "sentences added": 4,
    "sentences dropped": 4,
    "truncated": 4,
    "shuffled": 4,
    "heavy edits": 4,
}
"""Edits and how often. Set so that datasketch's default scores what it is known
to score on Reuters-21578 (F1 .949 at .7 and .948 at .8): as many copies near the
threshold as there are in real news."""


def edited_corpus(size: int, seed: int, language_name: str = "english") -> list[Document]:
    """Return articles, edited copies, and look-alikes that are no copies, in random order.

    45 % are articles of their own and 40 % copies (1 to 6 kinds per article). 10 % are
    reports from templates with other figures, 5 % short notices.
    """
    language = Language(language_name, seed)
    chance = language.chance
    made: list[tuple[str, int, str]] = []
    family = 0
    while len(made) < size * 0.45:
        made.append((language.render(language.article()), 0, "article"))
    while len(made) < size * 0.85:
        family += 1
        article = language.article()
        made.append((language.render(article), family, "original"))
        for _ in range(chance.randint(1, 6)):
            kind = chance.choices(list(KINDS), weights=list(KINDS.values()))[0]
            made.append((_variant(language, article, kind), family, kind))
    while len(made) < size * 0.95:
        family += 1
        template = language.article(chance.randint(60, 250))
        gap = chance.randint(5, 14)
        if language.name == "chinese":  # words there have two tokens
            gap = (gap + 1) // 2
        for _ in range(chance.randint(5, 40)):
            filled = [
                [
                    str(chance.randrange(10_000)) if (i + j) % gap == 0 else w
                    for i, w in enumerate(s)
                ]
                for j, s in enumerate(template)
            ]
            made.append((language.render(filled), family, "template"))
    while len(made) < size:
        made.append((language.render(language.article(12)), 0, "short"))
    made = made[:size]
    chance.shuffle(made)
    return [Document(f"d{i:06d}", t, f, k) for i, (t, f, k) in enumerate(made)]


def _site(language: Language) -> tuple[list[str], list[str]]:
    """Return header and footer of a site: 15 to 45 short lines, shared by all its pages."""
    chance = language.chance

    def line(low: int, high: int) -> str:
        return language.joiner.join(language.word() for _ in range(chance.randint(low, high)))

    header = [line(1, 4) for _ in range(chance.randint(8, 25))]
    footer = [line(2, 12) for _ in range(chance.randint(7, 20))]
    return header, footer


def _cut(text: str, language: Language) -> list[list[str]]:
    """Return the sentences of a text as lists of words or of characters."""
    if language.joiner:
        found = re.split(r"(?<=[.!?])\s+|\n+", text)
        return [sentence.split() for sentence in found if sentence.strip()]
    found = re.split("(?<=[\u3002\uff01\uff1f])|\n+", text)
    return [list(sentence) for sentence in found if sentence.strip()]


def _varied_site(language: Language) -> tuple[list[str], list[str]]:
    """Return header and footer of a site of any layout: menus, banners, prompts, legal notices."""
    chance = language.chance

    def words(low: int, high: int) -> str:
        return language.joiner.join(language.word() for _ in range(chance.randint(low, high)))

    def sentences(low: int, high: int) -> str:
        return language.render([language.sentence() for _ in range(chance.randint(low, high))])

    def menu() -> list[str]:
        entries = [words(1, 3) for _ in range(chance.randint(5, 25))]
        mark = chance.choice((None, " | ", " \u00b7 ", "  ", "\n- "))
        return entries if mark is None else [mark.join(entries)]

    header = [*menu(), words(2, 6)]
    if chance.random() < 0.4:  # a banner about cookies, a prompt to subscribe
        header.append(sentences(1, 2))
    if chance.random() < 0.3:
        header += menu()
    footer = [words(3, 12) for _ in range(chance.randint(0, 12))]
    if chance.random() < 0.4:
        footer.append(sentences(1, 3))
    footer += menu()
    return header, footer


def reprint_corpus(
    seed: int,
    language_name: str,
    articles: int = 2000,
    *,
    bodies: Sequence[str] = (),
    varied: bool = False,
) -> list[Document]:
    """Return pages of 60 sites, a third of them reprints of another site's article.

    A page has its site's header, navigation and footer and two lines of its own
    (date, related links). Reprints have 0 to 2 % of the words edited; half are cut
    by 30 %. A tenth of the reprints are on a site never seen before. With `bodies`
    the articles are these texts. With `varied` no two sites share a layout, and
    up to six lines of a page are its own.
    """
    language = Language(language_name, seed)
    chance = language.chance
    make_site = _varied_site if varied else _site
    sites = [make_site(language) for _ in range(60)]
    articles = min(articles, len(bodies)) if bodies else articles
    pages: list[tuple[str, int, str]] = []

    def page(sentences: list[list[str]], site: tuple[list[str], list[str]]) -> str:
        own = [
            language.joiner.join(
                language.word() for _ in range(chance.randint(4, 12) if varied else 6)
            )
            for _ in range(chance.randint(1, 6) if varied else 2)
        ]
        body = language.render(sentences, per_paragraph=chance.choice((2, 3, 5)))
        return "\n".join([*site[0], own[0], body, *own[1:], *site[1]])

    for family in range(1, articles + 1):
        if bodies:
            article = _cut(bodies[family - 1], language)
        else:
            article = language.article(chance.randint(150, 600))
        pages.append((page(article, chance.choice(sites)), family, "original"))
        if family % 2:
            continue
        sentences = _edit_words(language, article, chance.uniform(0, 0.02))
        kind = "reprint"
        if chance.random() < 0.5:
            kind = "reprint, 30 % cut"
            sentences = sentences[: max(1, round(len(sentences) * 0.7))]
        site = chance.choice(sites)
        if chance.random() < 0.1:
            kind += ", new site"
            site = make_site(language)
        pages.append((page(sentences, site), family, kind))
    return _in_stream_order(pages, chance)


def _in_stream_order(pages: list[tuple[str, int, str]], chance: random.Random) -> list[Document]:
    """Return pages in random order; a reprint comes somewhere after its original."""
    originals = [p for p in pages if p[2] == "original"]
    reprints = [p for p in pages if p[2] != "original"]
    chance.shuffle(originals)
    chance.shuffle(reprints)
    place = {p[1]: i for i, p in enumerate(originals)}
    order = [(float(i), p) for i, p in enumerate(originals)]
    order += [(chance.uniform(place[p[1]] + 0.5, len(originals)), p) for p in reprints]
    order.sort(key=lambda each: each[0])
    return [Document(f"p{i:06d}", *p) for i, (_, p) in enumerate(order)]


def from_jsonl(path: Path) -> Iterator[Document]:
    """Yield the documents of a JSONL file: `text` and, if given, `id` or `document_id`."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if line.strip():
                row = json.loads(line)
                name = row.get("document_id") or row.get("id") or f"line-{number + 1}"
                yield Document(str(name), row["text"], 0, "corpus")
