"""Languages that the detector lacks, identified by their letters and function words.

The detector gives such a text the name of a related language, or of an unrelated one with a low
score. The lists are our own; a text of a few words has too few of them.
"""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import re
from collections import Counter
from typing import Final

FAMILIAR: Final = 0.66
"""Score that nineteen of twenty sentences in known languages reach, and a twentieth of the
sentences in others."""
STRANGE: Final = 0.4
"""Score below which a text is in no known language; half of the sentences in others are below
it."""

_LETTERS: Final = re.compile("[әғқңұһөүӘҒҚҢҰҺӨҮ]")
_CYRILLIC: Final = frozenset({"ru", "uk", "be", "sr", "bg"})
NEIGHBOURS: Final = _CYRILLIC | {"nl", "es", "pt"}
"""Languages whose names other languages get with high scores."""

_SCRIPTS: Final = re.compile("[\u0d80-\u0dff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff]")
_LANGUAGE_OF_BLOCK: Final = {
    0x0D80 >> 7: "si",
    0x0F00 >> 7: "bo",
    0x0F80 >> 7: "bo",
    0x1000 >> 7: "my",
    0x1080 >> 7: "my",
    0x1780 >> 7: "km",
}
_SCRIPT_SHARE: Final = 3
"""Inverse of the minimum share of such a script; spaces, marks and names are the rest."""
_FUNCTION_WORDS: Final = {
    "af": "die nie 'n 'n vir sy hulle deur het dat ons kan sal ook word maar was aan daar ek jy "
    "wees hierdie moet baie net hom haar wat sê toe",
    "cy": "y yr yn ac i o ar am mae wedi bod gan eu ei oedd fel hefyd nid bydd ond hyn yw gyda "
    "roedd yng ym sydd un i'r o'r a'r gael cael fod",
    "eo": "la de kaj en estas ne por mi ke li kun sed ĝi estis kiu pri ili tiu ankaŭ el al oni "
    "kiel pli ŝi kiuj tio nur povas",
    "ga": "an na agus ar ag is go bhí tá do sé ach ní leis seo sin é sí le chun ó den raibh gur "
    "ina leo chuig dá mar nach atá",
    "ha": "da na a ta ya ba wani wannan cikin kuma don suka ne za su ce sun ke ga an shi kan "
    "yana daga wadanda amma yi ake ko",
    "ig": "na nke ndị ka ọ bụ ga ha n' dị otu maka ya nwere si bụrụ mgbe ihe ma ndi ahụ gị onye "
    "nile kwuru a di iji",
    "la": "et in est non cum ad ut sed qui quae quod ex per esse sunt si etiam ab atque quam "
    "nec aut hoc eius enim autem a de se ipse fuit",
    "lg": "nti era mu ku ne okuva oba naye abantu ekibiina eri bwe nga n'abantu mu ko kubanga "
    "bano omu okuba ono kye kino kati gavumenti",
    "mi": "te ki ngā nga he i me ko o kua ka e mō hoki tēnei ā kei taua tana ana ia mai tonu "
    "nei rā tō mahi hei kāore",
    "sn": "munhu wose ane kodzero yekuti kana kodzero dze kuti vanofanira nyika uye kuti pane "
    "kana nokuti asi zvakare iye pa ne ye nga ari vari kuti ndi ndiye ichi vanhu iri apo "
    "pamusoro gore kubva mu chete iyi",
    "xh": "ukuba kwaye okanye kunye into njengoko ngokuba xa kufuneka wonke umntu unelungelo "
    "ungqinelwano lokuba amalungelo abantu bonke ukuze phantsi kananjalo nawuphi na "
    "elungelo kodwa ngexesha",
    "zu": "ukuthi futhi noma kanye uma kumele wonke umuntu unelungelo lokuba amalungelo abantu "
    "bonke ukuze ngaphansi ngokuthi nokuthi kodwa ngesikhathi unamalungelo yilowo nalowo "
    "kufanele",
    "rw": "ko n' ku mu no kandi cyangwa umuntu wese afite uburenganzira bwo ngo ari ibyo kugira "
    "cy' by' w' na",
    "yo": "ti ni awọn o fun ati tabi kan naa ẹni kọọkan ló ní ẹ̀tọ́ láti sí tàbí àti gbogbo "
    "ènìyàn kò fún",
    "so": "waa iyo ee in uu ka ku oo ay soo aan waxaa si la lagu ayaa kale isaga u waxay ah "
    "inay wuxuu ugu ayay balse laga inuu sida kala ama",
    "st": "ea le ke ho ba tse ka hore di mme ha o sa la a e bile hae empa hape tsa se bona "
    "joalo ene eo ya haholo ho",
    "sw": "sababu jana kwamba alikuwa ya na wa kwa ni za katika la cha kuwa hii kama au "
    "yake ambayo hiyo lakini hata wake kila baada watu huo bila pia sana vya ili zaidi huyo",
    "tn": "ya le ke go ba tse mo gore e fa a kgotsa wa mme ga o tsa tla bo jaaka sa la gagwe "
    "bone ka ne gape batho fela",
    "ts": "na ku va hi ka leswaku ni swi xi ya wa la a kumbe loko eka tani ndzi kambe le "
    "hinkwawo ri lava vanhu yi naswona ehansi nga",
}
_OWNERS: Final[dict[str, tuple[str, ...]]] = {}
for _code, _words in _FUNCTION_WORDS.items():
    for _each in set(_words.split()):
        _OWNERS[_each] = (*_OWNERS.get(_each, ()), _code)
_MIN_SHARE: Final = 0.22
_MIN_HITS: Final = 3
_MARKS: Final = {
    # Words of each language, and of the language that it is confused with.
    "af": re.compile(r"\b(?:die|nie|hulle|hierdie|sê|ek|vir|wees|baie|deur|sy|ons)\b|['’]n\b"),
    "nl": re.compile(r"\b(?:de|niet|zij|deze|ik|voor|zijn|veel|door|een|dit|naar|uit|maar)\b"),
    "gl": re.compile(
        r"\b(?:unha|unhas|coa|coas|polo|polos|non|xa|máis|moito|moita|moi|tamén|dous|nin|dende|ata|dun|"
        r"dunha|nun|nunha|xente|lle|lles|ós|teñen|\w+ción|\w*ñ[oa]s?|onte|hoxe|mellor|calquera|súa|súas)\b"
    ),
    "western": re.compile(r"\b(?:os|as|da|do|das|dos|na|no|nas|foi|ao|á|seu|seus|toda|todo|é)\b"),
    "es": re.compile(
        r"\b(?:el|la|los|las|del|al|y|una|con|por|en|que|lo|su|sus|más|muy|también|hay|fue|ya|pero)\b"
    ),
    "pt": re.compile(
        r"\b(?:não|uma|umas|com|em|um|pelo|pela|mais|muito|muita|também|até|há|e|são|está|que|sua|mas|já|"
        r"\w+ção|\w+ções|\w*nh[oa]s?|\w*lh[oa]s?)\b"
    ),
    "mk": re.compile(r"\b(?:во|дека|ќе|тоа|со|кој|беше|сум|бидат|биде|овој|тие|има|или)\b|[ѓќѕ]"),
    "sr": re.compile(r"\b(?:у|је|са|није|ће|су|који|које|која|бити|или|али|што|сам)\b|[ђћ]"),
    "bg": re.compile(r"\b(?:в|във|че|ще|със|са|както|който|която|или|също|има)\b|[ъщьюя]"),
}


def rare_language(text: str, found: str, score: float) -> str | None:
    """Return the language of a text if the detector lacks it, otherwise None.

    Args:
        text: A window, as the detector read it.
        found: Language that the detector gave.
        score: Its score, 0.0 to 1.0.
    """
    if found in {"es", "pt"}:
        return "gl" if _is_galician(text.casefold()) else None
    if found == "nl":
        return _rather("af", found, text.casefold())
    if found in _CYRILLIC:
        return _by_letters(text, found)
    if score >= FAMILIAR:
        return None
    return _by_script(text) or _by_words(text.casefold().replace("’", "'").split())


def _by_script(text: str) -> str | None:
    found = _SCRIPTS.findall(text)
    if not found or len(found) * _SCRIPT_SHARE < len(text):
        return None
    return _LANGUAGE_OF_BLOCK.get(ord(found[len(found) // 2]) >> 7)


def _rather(meant: str, found: str, text: str) -> str | None:
    ours, theirs = len(_MARKS[meant].findall(text)), len(_MARKS[found].findall(text))
    return meant if ours > theirs + 1 else None


def _is_galician(text: str) -> bool:
    own, shared = len(_MARKS["gl"].findall(text)), len(_MARKS["western"].findall(text))
    portuguese, spanish = len(_MARKS["pt"].findall(text)), len(_MARKS["es"].findall(text))
    return own > max(1, portuguese) and own + shared > spanish + 1 and shared > 0


def _by_letters(text: str, found: str) -> str | None:
    if found in {"sr", "bg"}:
        return _rather("mk", found, text.casefold())
    if not _LETTERS.search(text):
        return None
    letters = Counter(_LETTERS.findall(text.casefold()))
    if letters.total() * 60 < len(text):
        return None  # Fewer than a sixtieth of such letters may be a name.
    if letters["қ"] or letters["ғ"] or letters["ұ"]:
        return "kk"
    return "mn" if letters["ө"] or letters["ү"] else None


def _by_words(words: list[str]) -> str | None:
    hits: Counter[str] = Counter()
    for owners in map(_OWNERS.get, words):
        if owners:
            hits.update(owners)
    if not hits:
        return None
    (code, number), *others = hits.most_common(2)
    if number < _MIN_HITS or number < _MIN_SHARE * len(words):
        return None
    return None if others and others[0][1] >= number else code
