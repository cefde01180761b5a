"""What a tagger is, and what it may say.

A tagger is one function, `(doc, cfg) -> Iterable[Tag]`, under the decorator
`tagger`. Running them, in order and apart from each other, is
`fanmill.core.tagging.runner`; finding those of others is `fanmill.taggers`.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from math import isfinite
from typing import Any, Final, Literal, get_type_hints

import numpy as np
from pydantic import BaseModel, ConfigDict

from fanmill.core.analysis import Analysis, is_word
from fanmill.core.document import Document
from fanmill.core.language.shares import LanguageViews, language_views
from fanmill.core.pii.detect import find
from fanmill.core.pii.items import Item
from fanmill.core.statistics.compute import statistics
from fanmill.core.text.characters import Integers
from fanmill.core.text.layout import Span
from fanmill.core.text.lexicon import Column, Lexicon
from fanmill.core.text.segmentation import words_and_separators
from fanmill_contracts.results import ScoreKind
from fanmill_contracts.statistics import Statistics

Cost = Literal["low", "medium", "high"]
"""What a tagger takes per 7 KB of text: `low` below 0.2 ms, `medium` below 2 ms, else `high`."""

ANY_LANGUAGE: Final = ("*",)
MAX_VALUE_LENGTH: Final = 500
"""Code points of a tag's value: a phrase, not an extract."""

_POSSESSIVE: Final = ("'s", "\u2019s")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,31}")


class TaggerError(Exception):
    """A tagger is not as the frame needs it; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One statement about a document, as a tagger makes it.

    Attributes:
        namespace: What is stated, such as `keyphrase`: lower case, no spaces.
        value: The statement; 1 to 500 code points.
        score: 0.0 to 1.0.
        score_kind: What the score is: a calibrated `probability`, a `rule` that
            matched, or a `heuristic` that orders and means no more.
        spans: Where the evidence stands, in code points of the text.
        reason: Why, for people.
        concept: The value in a public vocabulary, such as `medtop:15000000`.
    """

    namespace: str
    value: str
    score: float = 1.0
    score_kind: ScoreKind = "heuristic"
    spans: tuple[Span, ...] = ()
    reason: str | None = None
    concept: str | None = None


class Doc(Analysis):
    """A document with lazy views: each is computed at first use and kept.

    Views of `Analysis`: `text`, `language`, `layout`, `pieces`, `words`,
    `word_spans`, `sentences`; `document` has what the producer said of it.
    """

    def __init__(self, document: Document, items: tuple[Item, ...] | None = None) -> None:
        """Make the views of a document; `items` are those of its text before redaction."""
        super().__init__(document)
        self._items = items
        self._said: dict[str, tuple[Tag, ...]] = {}

    @cached_property
    def folded(self) -> str:
        """The text in lower case, code point for code point: offsets stay what they are.

        The few letters whose lower case is longer (`İ`) stay as they are; lone
        surrogates, which searchers in UTF-8 cannot read, become U+FFFD.
        """
        text = well_formed(self.text)
        lowered = text.lower()
        if len(lowered) == len(text):
            return lowered
        return "".join(one if len(one.lower()) != 1 else one.lower() for one in text)

    @cached_property
    def normal_words(self) -> list[str]:
        """`words` as terms are compared with: folded, without possessives."""
        return list(filter(None, map(_NORMALS.__getitem__, self.pieces)))

    @cached_property
    def normal_numbers(self) -> Integers:
        """Equal for equal normal words, 0 for what is none: of the first 200,000 `pieces`."""
        return self.lexicon.made("normal words", NormalWords).column.of(self.numbers)

    @cached_property
    def languages(self) -> LanguageViews:
        """Shares of languages, script, and what became of the declared language."""
        return language_views(self.text, self.survey, self.document.language)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Personal data and identifiers, in text order; of the text before redaction."""
        return tuple(find(self.text)) if self._items is None else self._items

    @cached_property
    def statistics(self) -> Statistics:
        """Sizes and ratios of the text, as the record has them."""
        return statistics(self)

    def tags_of(self, name: str) -> tuple[Tag, ...]:
        """Return what a tagger named in `needs` has said of this document."""
        return self._said.get(name, ())

    def add_tags(self, name: str, tags: tuple[Tag, ...]) -> None:
        """Keep what a tagger has said, for those that need it; the frame's concern."""
        self._said[name] = tags


def well_formed(text: str) -> str:
    """Return the text with U+FFFD for each lone surrogate: UTF-8 has none."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def normal_words(text: str) -> list[str]:
    """Return the words of a short text as `Doc.normal_words` has those of a document."""
    if text.isascii() and text.replace(" ", "").isalpha():
        return text.casefold().split()
    return list(filter(None, map(normal, words_and_separators(text, "und"))))


def normal(piece: str) -> str:
    """Return a word as terms are compared with, "" for what is no word."""
    if not is_word(piece):
        return ""
    folded = piece.casefold()
    return folded[:-2] if folded.endswith(_POSSESSIVE) and len(folded) > len("'s") else folded


class NormalWords:
    """The normal words of a lexicon by number, "" for what is none."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.growing = lexicon.growing
        self.pieces = [""]
        self.column = Column(lexicon, self._number_of, np.int64)
        self._numbers = {"": 0}

    def _number_of(self, piece: str) -> int:
        word = normal(piece)
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self.pieces)
            self.pieces.append(word)
        return number


class _Normals(dict[str, str]):
    """Normal words by piece, "" for what is no word; kept, for texts share most of theirs."""

    MOST = 50_000

    def __missing__(self, piece: str) -> str:
        if len(self) > self.MOST:
            self.clear()
        found = self[piece] = normal(piece)
        return found


_NORMALS: Final = _Normals()


class NoConfig(BaseModel):
    """The configuration of a tagger that has none."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Function = Callable[[Doc, Any], Iterable[Tag]]
Written = Callable[..., Iterable[Tag]]
Hash = Callable[[Any], str | None]


@dataclass(frozen=True)
class Tagger:
    """A function that tags, and what the frame must know of it; made by `tagger`."""

    name: str
    version: str
    function: Function
    languages: tuple[str, ...] = ANY_LANGUAGE
    needs: tuple[str, ...] = ()
    cost: Cost = "low"
    config: type[BaseModel] = NoConfig
    library: Callable[[], str | None] = field(default=lambda: None)
    model_hash: Hash = field(default=lambda _: None)

    def __call__(self, doc: Doc, cfg: BaseModel | None = None) -> tuple[Tag, ...]:
        """Return the tags of one document, checked; `cfg` defaults to the defaults.

        Raises:
            TaggerError: A tag is not as the contract wants it.
            Exception: Whatever the function raises.
        """
        found = tuple(self.function(doc, self.config() if cfg is None else cfg))
        size = len(doc.text)
        for tag in found:
            fault = _fault(tag, size)
            if fault:
                raise TaggerError(f"tagger {self.name!r} gave {fault}")
        return found

    def speaks(self, language: str) -> bool:
        """Tell whether it is made for texts of a language."""
        return language in self.languages or "*" in self.languages


def tagger(
    name: str,
    version: str,
    languages: Sequence[str] = ANY_LANGUAGE,
    needs: Sequence[str] = (),
    cost: Cost = "low",
    *,
    library: Callable[[], str | None] | None = None,
    model_hash: Hash | None = None,
) -> Callable[[Written], Tagger]:
    """Make a tagger of a function `(doc, cfg) -> Iterable[Tag]`.

    `cfg` is annotated with a Pydantic model whose fields all have defaults; a
    function with `doc` alone has no configuration. A version never changes its
    meaning: what tags otherwise than before gets a new one.

    Args:
        name: Lower-case name, unique among all taggers.
        version: Of what it says, not of its code's looks.
        languages: ISO 639-1 codes of texts it is run on; `*` for all.
        needs: Names of taggers that run before; see `Doc.tags_of`.
        cost: Per 7 KB of text: `low` < 0.2 ms, `medium` < 2 ms, `high`.
        library: Names distribution and version it rests on.
        model_hash: Names the data it uses, given the configuration.

    Raises:
        TaggerError: Name, version or signature is not usable.
    """
    if not _NAME.fullmatch(name):
        raise TaggerError(f"tagger name is {name!r}; expected lower case, such as 'invoice'")
    if not _VERSION.fullmatch(version):
        raise TaggerError(f"tagger {name!r} has version {version!r}; expected such as '1'")

    def made(function: Written) -> Tagger:
        config, called = _with_config(name, function)
        return Tagger(
            name=name,
            version=version,
            function=called,
            languages=tuple(languages),
            needs=tuple(needs),
            cost=cost,
            config=config,
            library=library or (lambda: None),
            model_hash=model_hash or (lambda _: None),
        )

    return made


def config_hash(cfg: BaseModel) -> str:
    """Return 12 hexadecimal digits that name a configuration."""
    return sha256(cfg.model_dump_json().encode()).hexdigest()[:12]


def _with_config(name: str, function: Written) -> tuple[type[BaseModel], Function]:
    parameters = list(inspect.signature(function).parameters.values())
    if len(parameters) == 1:
        return NoConfig, lambda doc, _: function(doc)
    if len(parameters) != 2:  # noqa: PLR2004  doc and cfg
        raise TaggerError(f"tagger {name!r} takes {len(parameters)} arguments; expected doc, cfg")
    config = get_type_hints(function).get(parameters[1].name)
    if not (isinstance(config, type) and issubclass(config, BaseModel)):
        raise TaggerError(
            f"tagger {name!r} has an argument {parameters[1].name!r} without a Pydantic model "
            "as its annotation"
        )
    return config, function


def _fault(tag: object, size: int) -> str | None:  # noqa: PLR0911  one reason a line
    """Return what is wrong with a tag of a text of `size` code points; None if nothing is."""
    if not isinstance(tag, Tag):
        return f"{type(tag).__name__} where a Tag is expected"
    if not _NAME.fullmatch(tag.namespace):
        return f"namespace {tag.namespace!r}; expected lower case without spaces"
    if not 0 < len(tag.value) <= MAX_VALUE_LENGTH:
        return f"a value of {len(tag.value)} code points; expected 1 to {MAX_VALUE_LENGTH}"
    if not (isfinite(tag.score) and 0.0 <= tag.score <= 1.0):
        return f"score {tag.score}; expected 0 to 1"
    if tag.score_kind not in {"probability", "rule", "heuristic"}:
        return f"score_kind {tag.score_kind!r}; expected probability, rule or heuristic"
    for start, end in tag.spans:
        if not 0 <= start < end <= size:
            return f"span {start} to {end} in a text of {size} code points"
    return None
