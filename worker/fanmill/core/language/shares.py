"""Shares of the languages of a text, its script, and the check of the declared language."""

from dataclasses import dataclass
from typing import Final

from fanmill.core.language.detection import Detection, Segment
from fanmill.core.language.detectors import UNDETERMINED
from fanmill.core.language.relatives import differ_in_script
from fanmill.core.language.scripts import script_of
from fanmill_contracts.tagging import DeclaredLanguage, LanguageShare, TagSpan

MIN_SHARE: Final = 0.02
"""Minimum share of the text's weight; less is a name or a quotation."""
_SURE: Final = 0.8
"""Minimum confidence in a segment that is in another language than the text."""
MAX_SPANS: Final = 50

_MACRO: Final = {"nb": "no", "nn": "no", "cmn": "zh", "yue": "zh", "iw": "he", "in": "id"}
_RELATED: Final = frozenset({("ms", "id"), ("id", "ms"), ("hr", "sr"), ("hr", "bs"), ("sr", "hr")})


@dataclass(frozen=True, slots=True)
class LanguageViews:
    """Shares by falling size, ISO 15924 script, and the check of the declared language."""

    shares: tuple[LanguageShare, ...]
    script: str | None
    declared: DeclaredLanguage | None


def language_views(text: str, detection: Detection, declared: str | None) -> LanguageViews:
    """Return the language views of a text; a text without letters has no shares."""
    return LanguageViews(
        _shares(detection),
        script_of(text),
        _declared(declared, detection.main.code) if declared else None,
    )


def _shares(detection: Detection) -> tuple[LanguageShare, ...]:
    main = detection.main.code
    if main == UNDETERMINED:
        return ()
    weights: dict[str, float] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    for segment in detection.segments:
        code = _language_of(segment, main)
        weights[code] = weights.get(code, 0.0) + segment.weight
        places = spans.setdefault(code, [])
        if places and places[-1][1] >= segment.start:
            places[-1] = (places[-1][0], segment.end)
        else:
            places.append((segment.start, segment.end))
    total = sum(weights.values())
    if not total:
        return (LanguageShare(language=main, share=1.0),)
    kept = {code: weight for code, weight in weights.items() if weight / total >= MIN_SHARE}
    total = sum(kept.values())
    return tuple(
        LanguageShare(
            language=code,
            share=round(kept[code] / total, 4),
            spans=tuple(TagSpan(a, b) for a, b in spans[code][:MAX_SPANS]),
        )
        for code in sorted(kept, key=lambda code: (-kept[code], code))
    )


def _language_of(segment: Segment, main: str) -> str:
    """Return the language of a segment if it is certain, otherwise the language of the text."""
    found = segment.language
    if found.code == main or (found.code, main) in _RELATED:
        return main
    is_certain = found.confidence >= _SURE or differ_in_script(found.code, main)
    return found.code if is_certain else main


def _declared(declared: str, main: str) -> DeclaredLanguage:
    primary = declared.partition("-")[0].lower()
    primary = _MACRO.get(primary, primary)
    agrees = None if UNDETERMINED in {main, primary} else primary == _MACRO.get(main, main)
    return DeclaredLanguage(language=declared, agrees=agrees)
