"""All statements about a text: its language and its keyphrases."""

from functools import cache
from importlib.metadata import version
from typing import Final

from fanmill.core.analysis import Analysis
from fanmill.core.keyphrases import keyphrases
from fanmill.core.language import UNDETERMINED, detector
from fanmill_contracts.results import Producer, Tag, Tagging

LANGUAGE_VERSION: Final = "1"
KEYPHRASE_VERSION: Final = "1"


def tag(analysis: Analysis) -> Tagging:
    """Return the language and the tags, by namespace and then by falling score.

    A text without letters has the language `und`, confidence 0.0 and no tags.
    """
    language = analysis.language
    tags = [
        Tag(
            namespace="keyphrase",
            value=found.phrase,
            score=found.score,
            score_kind="heuristic",
            producer=_keyphrase_producer(),
        )
        for found in keyphrases(analysis)
    ]
    if language.code != UNDETERMINED:
        tags.append(
            Tag(
                namespace="language",
                value=language.code,
                score=language.confidence,
                score_kind="probability",
                producer=_language_producer(),
            )
        )
    return Tagging(
        language=language.code, language_confidence=language.confidence, tags=tuple(tags)
    )


@cache
def _language_producer() -> Producer:
    return Producer(name="language", version=LANGUAGE_VERSION, library=detector().library)


@cache
def _keyphrase_producer() -> Producer:
    return Producer(
        name="keyphrase", version=KEYPHRASE_VERSION, library=f"icu4py {version('icu4py')}"
    )
