"""Built-in taggers, declared as plugins are."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from fanmill.core.language.detectors import UNDETERMINED, detector
from fanmill.core.language.relatives import alternatives
from fanmill.core.pii.items import PERSONAL, spans_of
from fanmill.core.taggers import chinese
from fanmill.core.taggers.document_metadata import find_metadata
from fanmill.core.taggers.keyphrases import MAX_KEYPHRASES, keyphrases
from fanmill.core.taggers.text_quality import findings
from fanmill.core.taggers.topic_terms import LANGUAGES, terms_hash
from fanmill.core.taggers.topics import find_topics
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import Tag
from fanmill.core.tagging.tagger import Tagger, tagger
from fanmill.core.text.word_frequencies import reference_frequencies


class Strict(BaseModel):
    """Base of configurations; an unknown name is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


@tagger("language", "5", library=lambda: detector().library)
def language(doc: DocumentView) -> Iterator[Tag]:
    """Tag the main language; shares and script are in `tagging`, beside the tags.

    The reason names the close relatives that the text may as well be in.
    """
    found = doc.language
    if found.code != UNDETERMINED:
        others = alternatives(found.code, found.confidence)
        reason = f"or a close relative: {', '.join(others)}" if others else None
        yield Tag("language", found.code, found.confidence, "probability", reason=reason)


class KeyphraseConfig(Strict):
    """Configuration of the tagger `keyphrase`."""

    max_keyphrases: int = Field(default=MAX_KEYPHRASES, ge=0, le=MAX_KEYPHRASES)
    """Maximum number of keyphrases of a document."""
    chinese: Literal["icu", "jieba"] = "icu"
    """Segmenter of Chinese texts; `jieba` needs the extra `chinese`."""

    @field_validator("chinese")
    @classmethod
    def _is_installed(cls, value: str) -> str:
        if value == "jieba" and chinese.jieba() is None:
            raise ValueError("needs: pip install 'fanmill[chinese]'")
        return value


def _keyphrase_libraries() -> str:
    frequencies = reference_frequencies().library
    return f"icu4py {version('icu4py')}" + (f", {frequencies}" if frequencies else "")


def _dictionary_hash(cfg: KeyphraseConfig) -> str | None:
    return chinese.dictionary_hash() if cfg.chinese == "jieba" else None


@tagger("keyphrase", "4", cost="medium", library=_keyphrase_libraries, model_hash=_dictionary_hash)
def keyphrase(doc: DocumentView, cfg: KeyphraseConfig) -> Iterator[Tag]:
    """Tag the keyphrases of the text, each with its first occurrence."""
    words = chinese.in_words_of(chinese.jieba() if cfg.chinese == "jieba" else None, doc)
    for found in keyphrases(words)[: cfg.max_keyphrases]:
        yield Tag("keyphrase", found.phrase, found.score, spans=((found.start, found.end),))


def _aho_corasick() -> str:
    return f"ahocorasick-rs {version('ahocorasick-rs')}"


@tagger("document-metadata", "3")
def document_metadata(doc: DocumentView) -> Iterator[Tag]:
    """Tag source, date, author and title from the event, the URL or lines of the text."""
    for found in find_metadata(
        doc.document, _with_region(doc.document.language, doc.language.code), doc.body
    ):
        spans = (found.span,) if found.span else ()
        yield Tag(found.field, found.value, found.score, spans=spans, reason=found.reason)


def _with_region(declared: str | None, detected: str) -> str:
    """Return the declared language with its region, if the text is in that language."""
    primary = (declared or "").replace("_", "-").partition("-")[0].lower()
    agrees = primary and detected in {primary, UNDETERMINED}
    return (declared or "").replace("_", "-") if agrees else detected


class PiiConfig(Strict):
    """Configuration of the tagger `pii`."""

    mode: Literal["off", "tag", "redact"] = "tag"
    """`off`: no tags. `tag` and `redact`: tags; redaction itself happens before any tagger runs."""


@tagger("pii", "3")
def pii_tagger(doc: DocumentView, cfg: PiiConfig) -> Iterator[Tag]:
    """Tag kinds of personal data, without the text, and public identifiers with the text."""
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
    """Tag the first-level IPTC Media Topics of the text; none if unsure."""
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


@tagger("quality", "2")
def quality(doc: DocumentView) -> Iterator[Tag]:
    """Tag lists, code, boilerplate, repetition, spam and adult content."""
    for found in findings(doc):
        yield Tag("quality", found.value, round(found.score, 4), reason=found.reason)


BUILTIN: Final[tuple[Tagger, ...]] = (
    language,
    document_metadata,
    pii_tagger,
    keyphrase,
    topic,
    quality,
)
"""Built-in taggers, in the order in which they run if their needs allow it."""
