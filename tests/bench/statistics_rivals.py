"""The programs that `corpus_statistics.py` and `summaries.py` measure against, as functions.

Each maker imports its library and returns a call; one that is not installed, or wants a download
at run time, raises, and the caller names it and leaves it out.
"""

import importlib
import importlib.util
from collections.abc import Callable, Iterable
from itertools import accumulate, count
from pathlib import Path
from typing import Any

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document

Call = Callable[[], object]
Boundaries = Callable[[str], set[int]]
"""Returns where the sentences of a text end, in code points."""
_NEAR = 12
"""Code points."""
_SUMMARIZERS = {
    "LexRank": ("lex_rank", "LexRankSummarizer"),
    "TextRank": ("text_rank", "TextRankSummarizer"),
    "LSA": ("lsa", "LsaSummarizer"),
    "Luhn": ("luhn", "LuhnSummarizer"),
}


def redpajama(text: str, checkout: Path | None) -> Call:
    """Return the published signals of RedPajama-V2, from a checkout: it is in no registry."""
    if checkout is None:
        raise ModuleNotFoundError("give its checkout by --redpajama")
    path = Path(__file__).parent / "redpajama.py"
    spec = importlib.util.spec_from_file_location("redpajama", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    published = module.Published(checkout)
    return lambda: published.signals(text)


def _different(text: str) -> Callable[[], str]:
    """Return a function whose texts differ each time: some rivals keep what they saw."""
    numbers = count()
    return lambda: f"{text} {next(numbers)}"


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
    fresh = _different(text)

    def call() -> list[Any]:
        # C4 rewrites the text of its document.
        said = fresh()
        return [each.filter(document(text=said, id="d")) for each in made]

    return call


def gopher(text: str) -> Call:
    """Return the attributes behind Dolma's tagger `gopher_v1`."""
    get = importlib.import_module("dolma.taggers.gopher").get_attributes
    return lambda: get(text)


def repetitions(text: str) -> Call:
    """Return Dolma's tagger `repetitions_v1`."""
    taggers = importlib.import_module("dolma.taggers.repetitions")
    tagger = taggers.RepetitionsTagger()
    document = importlib.import_module("dolma.core.data_types").Document
    return lambda: tagger.predict(document(source="s", id="d", text=text))


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
    fresh = _different(text)

    def call() -> list[float]:
        said = fresh()
        return [getattr(module, name)(said) for name in names]

    return call


def uniseg(text: str) -> Call:
    """Return uniseg's words."""
    words = importlib.import_module("uniseg.wordbreak").words
    return lambda: list(words(text))


def jieba(text: str) -> Call:
    """Return jieba's words, its dictionary loaded."""
    module = importlib.import_module("jieba")
    module.setLogLevel(60)
    return lambda: module.lcut(text)


def _ends(pieces: Iterable[str], text: str) -> set[int]:
    """Return where pieces of a text end, spaces at their ends left out."""
    found = set()
    at = 0
    for piece in pieces:
        bare = piece.strip()
        # Some change what they split; a piece that is not where it should be is passed over.
        begin = text.find(bare, at, at + len(bare) + _NEAR)
        if bare and begin >= 0:
            at = begin + len(bare)
            found.add(at)
        else:
            at += len(bare)
    return found


def pysbd(language: str) -> Boundaries:
    """Return pysbd, which knows English, German, Russian and Chinese."""
    segmenter = importlib.import_module("pysbd").Segmenter(language=language, clean=False)
    return lambda text: _ends(segmenter.segment(text), text)


def nupunkt(language: str) -> Boundaries:
    """Return nupunkt, which has one model, of English."""
    del language
    tokenize = importlib.import_module("nupunkt").sent_tokenize
    return lambda text: _ends(tokenize(text), text)


def sentencex(language: str) -> Boundaries:
    """Return sentencex."""
    segment = importlib.import_module("sentencex").segment
    return lambda text: _ends(segment(language, text), text)


def uniseg_sentences(language: str) -> Boundaries:
    """Return uniseg's sentences: UAX #29 and no more, in Python."""
    del language
    split = importlib.import_module("uniseg.sentencebreak").sentences

    def call(text: str) -> set[int]:
        pieces = list(split(text))
        ends = accumulate(map(len, pieces))
        return {
            end - len(piece) + len(piece.rstrip()) for piece, end in zip(pieces, ends, strict=True)
        }

    return call


class _Words:
    """Tokens for sumy without its own tokenizer, which wants a download."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        bare = (word.strip(".,;:!?\"'()[]").casefold() for word in sentence.split())
        return tuple(word for word in bare if word)

    def to_sentences(self, paragraph: str) -> list[str]:
        return [paragraph]


def sumy(method: str) -> Callable[[Analysis, int], list[tuple[int, int]]]:
    """Return a summarizer of sumy on our sentences, with our English stop words.

    The call returns the spans it chose, in the order of the text.
    """
    module, name = _SUMMARIZERS[method]
    dom = importlib.import_module("sumy.models.dom")
    summarizer = getattr(importlib.import_module(f"sumy.summarizers.{module}"), name)()
    summarizer.stop_words = importlib.import_module("fanmill.core.text.stop_words").stop_words("en")
    words = _Words()

    def call(analysis: Analysis, number: int) -> list[tuple[int, int]]:
        sentences = [
            dom.Sentence(analysis.text[start:end], words) for start, end in analysis.sentences
        ]
        parsed = dom.ObjectDocumentModel([dom.Paragraph(sentences)])
        places = {id(sentence): place for place, sentence in enumerate(sentences)}
        chosen = summarizer(parsed, number)
        return [analysis.sentences[place] for place in sorted(places[id(each)] for each in chosen)]

    return call


def sumy_call(text: str) -> Call:
    """Return three sentences by LexRank."""
    summarize = sumy("LexRank")
    analysis = Analysis(Document("d", text))
    return lambda: summarize(analysis, 3)
