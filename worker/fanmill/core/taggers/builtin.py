"""The taggers that come with fanmill, in the same frame as anybody's."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from fanmill.core.language.detectors import UNDETERMINED, detector
from fanmill.core.pii.items import PERSONAL, spans_of
from fanmill.core.taggers import chinese
from fanmill.core.taggers import document_metadata as head
from fanmill.core.taggers.keyphrases import MAX_KEYPHRASES, keyphrases
from fanmill.core.taggers.text_quality import findings
from fanmill.core.taggers.topic_terms import LANGUAGES, terms_hash
from fanmill.core.taggers.topics import find_topics
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import Tag
from fanmill.core.tagging.tagger import Tagger, tagger
from fanmill.core.text.word_frequencies import reference_frequencies


class Strict(BaseModel):
    """A configuration in which a misspelt name is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


@tagger("language", "3", library=lambda: detector().library)
def language(doc: DocumentView) -> Iterator[Tag]:
    """Tag the main language; its shares and the script stand beside the tags."""
    found = doc.language
    if found.code != UNDETERMINED:
        yield Tag("language", found.code, found.confidence, "probability")


class KeyphraseConfig(Strict):
    """Of the tagger `keyphrase`."""

    most: int = Field(default=MAX_KEYPHRASES, ge=0, le=MAX_KEYPHRASES)
    """Keyphrases of one document."""
    chinese: Literal["icu", "jieba"] = "icu"
    """Whose words keyphrases of Chinese texts are made of; `jieba` needs the extra `chinese`."""

    @field_validator("chinese")
    @classmethod
    def _is_there(cls, value: str) -> str:
        if value == "jieba" and chinese.jieba() is None:
            raise ValueError("needs: pip install 'fanmill[chinese]'")
        return value


def _keyphrase_libraries() -> str:
    background = reference_frequencies().library
    return f"icu4py {version('icu4py')}" + (f", {background}" if background else "")


def _dictionary_hash(cfg: KeyphraseConfig) -> str | None:
    return chinese.dictionary_hash() if cfg.chinese == "jieba" else None


@tagger("keyphrase", "3", cost="medium", library=_keyphrase_libraries, model_hash=_dictionary_hash)
def keyphrase(doc: DocumentView, cfg: KeyphraseConfig) -> Iterator[Tag]:
    """Tag what the text is about, in its own words, with where each phrase stands first."""
    words = chinese.in_words_of(chinese.jieba() if cfg.chinese == "jieba" else None, doc)
    for found in keyphrases(words)[: cfg.most]:
        yield Tag("keyphrase", found.phrase, found.score, spans=((found.start, found.end),))


def _aho_corasick() -> str:
    return f"ahocorasick-rs {version('ahocorasick-rs')}"


@tagger("head", "2")
def head_tagger(doc: DocumentView) -> Iterator[Tag]:
    """Tag source, date, author and title, as the event, the URL or the text's head has them."""
    for found in head.find(doc.document, doc.language.code):
        spans = (found.span,) if found.span else ()
        yield Tag(found.field, found.value, found.score, spans=spans, reason=found.reason)


class PiiConfig(Strict):
    """Of the tagger `pii`."""

    mode: Literal["off", "tag", "redact"] = "tag"
    """`redact`: the text of personal data is replaced before anything else looks at it."""


@tagger("pii", "2")
def pii_tagger(doc: DocumentView, cfg: PiiConfig) -> Iterator[Tag]:
    """Tag personal data by kind, never with its text, and public identifiers with theirs."""
    if cfg.mode == "off":
        return
    items = doc.items
    scores: dict[str, float] = {}
    for item in items:
        if item.kind in PERSONAL:
            scores[item.kind] = max(scores.get(item.kind, 0.0), item.score)
        else:
            shown = f"{item.kind}:{item.value}"[:500]
            yield Tag("identifier", shown, item.score, "rule", ((item.start, item.end),))
    for kind in sorted(scores):
        spans = spans_of(items, kind)  # type: ignore[arg-type]
        yield Tag("pii", kind, scores[kind], "rule", spans, f"{len(spans)} found")


@tagger("topic", "2", LANGUAGES, library=_aho_corasick, model_hash=lambda _: terms_hash())
def topic(doc: DocumentView) -> Iterator[Tag]:
    """Tag the first-level IPTC Media Topics of the text; silent when unsure."""
    for found in find_topics(doc):
        yield Tag(
            "topic",
            found.topic.name,
            found.probability,
            "probability",
            found.spans,
            f"has {', '.join(found.terms)}",
            f"medtop:{found.topic.medtop}",
        )


@tagger("quality", "1")
def quality(doc: DocumentView) -> Iterator[Tag]:
    """Tag what is no plain prose: lists, code, boilerplate, repetition, spam, adult content."""
    for found in findings(doc):
        yield Tag("quality", found.value, round(found.score, 4), reason=found.reason)


BUILTIN: Final[tuple[Tagger, ...]] = (
    language,
    head_tagger,
    pii_tagger,
    keyphrase,
    topic,
    quality,
)
"""In the order in which they run where needs leave it open."""
