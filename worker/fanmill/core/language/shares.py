"""What is said of a text's languages besides the main one: shares, script, the declared one."""

from dataclasses import dataclass
from typing import Final

from fanmill.core.language.detection import UNDETERMINED, Part, Survey
from fanmill.core.language.scripts import script_of
from fanmill_contracts.results import DeclaredLanguage, LanguageShare, TagSpan

MIN_SHARE: Final = 0.02
"""Of the text's weight; less is a name or a quotation."""
_SURE: Final = 0.8
"""Confidence from which a part counts as being in another language than the text."""
MAX_SPANS: Final = 50

_MACRO: Final = {"nb": "no", "nn": "no", "cmn": "zh", "yue": "zh", "iw": "he", "in": "id"}
_RELATED: Final = frozenset({("ms", "id"), ("id", "ms"), ("hr", "sr"), ("hr", "bs"), ("sr", "hr")})


@dataclass(frozen=True, slots=True)
class LanguageViews:
    """Shares by falling size, ISO 15924 script, and what became of the declared language."""

    shares: tuple[LanguageShare, ...]
    script: str | None
    declared: DeclaredLanguage | None


def language_views(text: str, survey: Survey, declared: str | None) -> LanguageViews:
    """Return the views of a surveyed text; no shares without letters."""
    return LanguageViews(
        _shares(survey),
        script_of(text),
        _declared(declared, survey.main.code) if declared else None,
    )


def _shares(survey: Survey) -> tuple[LanguageShare, ...]:
    main = survey.main.code
    if main == UNDETERMINED:
        return ()
    weights: dict[str, float] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    for part in survey.parts:
        code = _language_of(part, main)
        weights[code] = weights.get(code, 0.0) + part.weight
        places = spans.setdefault(code, [])
        if places and places[-1][1] >= part.start:
            places[-1] = (places[-1][0], part.end)
        else:
            places.append((part.start, part.end))
    total = sum(weights.values())
    if not total:
        return (LanguageShare(language=main, share=1.0),)
    kept = {code: weight for code, weight in weights.items() if weight / total >= MIN_SHARE}
    total = sum(kept.values())
    return tuple(
        LanguageShare(
            language=code,
            share=round(kept[code] / total, 4),
            spans=tuple(TagSpan(start=a, end=b) for a, b in spans[code][:MAX_SPANS]),
        )
        for code in sorted(kept, key=lambda code: (-kept[code], code))
    )


def _language_of(part: Part, main: str) -> str:
    """Return the part's language if it is told for sure, the text's otherwise."""
    found = part.language
    if found.code == main or (found.code, main) in _RELATED:
        return main
    return found.code if found.confidence >= _SURE else main


def _declared(declared: str, main: str) -> DeclaredLanguage:
    primary = declared.partition("-")[0].lower()
    primary = _MACRO.get(primary, primary)
    agrees = None if UNDETERMINED in {main, primary} else primary == _MACRO.get(main, main)
    return DeclaredLanguage(language=declared, agrees=agrees)
