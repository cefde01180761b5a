"""Abbreviations by language: words that end in a full stop without ending a sentence.

Data only, used by `sentences`. Entries are case-folded and lack the last full stop. Dotted forms
(`u.s`, `z.b`) and initials need no entry; their shape identifies them.
"""

# ruff: noqa: RUF001 (words of other scripts look like Latin ones; they are not)

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
class Abbreviations:
    """Abbreviations of a language.

    Attributes:
        never_last: Abbreviations that never end a sentence, such as titles.
        seldom_last: Abbreviations that end a sentence only before a function word.
        before_number: Abbreviations that continue before a digit (`No. 5`).
        ordinal_point: `3.` means `third`, as in German.
    """

    never_last: frozenset[str] = field(default=frozenset())
    seldom_last: frozenset[str] = field(default=frozenset())
    before_number: frozenset[str] = field(default=frozenset())
    ordinal_point: bool = False

    @cached_property
    def others(self) -> frozenset[str]:
        """Abbreviations whose meaning depends on the next word."""
        return self.seldom_last | self.before_number

    @cached_property
    def all(self) -> frozenset[str]:
        """All abbreviations."""
        return self.never_last | self.others


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Names keep their titles in foreign texts, so all languages share them.
_TITLES: Final = _set("dr mr mrs ms prof st mme mlle sr sra srta dra")
_NUMBERED: Final = _set("no nos nr fig figs vol vols p pp art sec ch eq tab cf vs")

_ENGLISH: Final = Abbreviations(
    never_last=_TITLES
    | _set(
        "messrs rev hon gen col lt sgt capt cmdr maj brig adm gov sen rep pres supt det insp "
        "fr msgr mt ft vs cf viz e.g i.e al approx dept univ assn bros cpl pvt ald atty amb "
        "incl esp misc ext tel resp orig cont eds trans ibid op cit est intl natl govt min max avg"
    ),
    seldom_last=_set(
        "etc inc ltd corp co jr sr esq plc llc bldg ave blvd rd hwy est dec jan feb mar apr jun "
        "jul aug sep sept oct nov ph.d b.a m.a m.d a.m p.m oz lb lbs yr yrs hr hrs sq"
    ),
    before_number=_NUMBERED,
)
_GERMAN: Final = Abbreviations(
    never_last=_TITLES
    | _set(
        "hr hrn fr dipl ing mag lic med phil jur rer nat bzw ca vgl evtl ggf inkl exkl sog bspw "
        "zzgl abzgl mio mrd tsd st hl geb gest verh bes allg dt engl franz ehem jh hrsg abt "
        "zit gegr insb max min mind gem lt ing"
    ),
    seldom_last=_set(
        "usw etc str jan feb mär apr jun jul aug sep sept okt nov dez "
        "co jr sen u.a u.ä o.ä n.chr v.chr"
    ),
    before_number=_NUMBERED | _set("abs s bd kap ziff aufl anm abb rn rz tel"),
    ordinal_point=True,
)
_FRENCH: Final = Abbreviations(
    never_last=_TITLES
    | _set("m mm mmes mgr me pr ste cf env av apr vol éd coll chap hab boul gén col cap lt"),
    seldom_last=_set("etc janv févr avr juil sept oct nov déc inc cie"),
    before_number=_NUMBERED | _set("n num p pp fig art chap al tél"),
)
_SPANISH: Final = Abbreviations(
    never_last=_TITLES
    | _set(
        "d dña ud uds vd sres sras gral cnel tte ing lic arq prof mons sto sta "
        "excmo ilmo av avda c aprox"
    ),
    seldom_last=_set("etc s.a ee.uu ene feb mar abr may jun jul ago sept oct nov dic cía ltda"),
    before_number=_NUMBERED | _set("núm n pág págs art cap fig tel vol"),
)
_ITALIAN: Final = Abbreviations(
    never_last=_TITLES
    | _set("sig sigg ing avv arch rag geom on sen mons dott prof s ss cfr ca p.es"),
    seldom_last=_set("ecc etc s.p.a s.r.l"),
    before_number=_NUMBERED | _set("n pag art cap fig tel"),
)
_PORTUGUESE: Final = Abbreviations(
    never_last=_TITLES | _set("exmo exma eng gen cel av d profa aprox"),
    seldom_last=_set("etc ltda s.a cia"),
    before_number=_NUMBERED | _set("n núm pág art cap fig tel"),
)
_DUTCH: Final = Abbreviations(
    never_last=_TITLES | _set("dhr mevr mw drs ir ing mr jhr ds bv bijv ca resp o.a"),
    seldom_last=_set("enz etc jan feb mrt apr jun jul aug sept okt nov dec"),
    before_number=_NUMBERED | _set("blz art tel"),
)
_RUSSIAN: Final = Abbreviations(
    never_last=_set("г-н г-жа им ул пл пр просп проф акад доц ген св см ср тов гр обл р-н пос дер"),
    seldom_last=_set("др пр т.д т.п т.е г гг в вв руб коп тыс млн млрд т.к н.э"),
    before_number=_set("с стр рис табл ст п пп гл № д кв корп тел ч"),
)
_HINDI: Final = Abbreviations(
    # Titles, and the Latin letters that initials are spelt with.
    never_last=_set(
        "डॉ डा प्रो श्री श्रीमती सुश्री पं कु मो स्व ले कर्नल "
        "ए बी सी डी ई एफ जी एच आई जे के एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू एक्स वाई जेड"
    ),
    before_number=_set("सं नं पृ क्र"),
)
_ARABIC: Final = Abbreviations(never_last=_set("د أ م أ.د ا.د"), before_number=_set("ص ج ط هـ"))

_POINTED_ORDINALS: Final = Abbreviations(
    never_last=_TITLES, before_number=_NUMBERED, ordinal_point=True
)
_COMMON: Final = Abbreviations(never_last=_TITLES, before_number=_NUMBERED)

_BY_LANGUAGE: Final = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "it": _ITALIAN,
    "pt": _PORTUGUESE,
    "nl": _DUTCH,
    "ru": _RUSSIAN,
    "hi": _HINDI,
    "ar": _ARABIC,
} | dict.fromkeys(
    ["cs", "da", "et", "fi", "hr", "hu", "is", "lv", "no", "pl", "sk", "sl", "sr", "tr"],
    _POINTED_ORDINALS,
)


def abbreviations(language: str) -> Abbreviations:
    """Return the abbreviations of a language; the shared titles for an unknown language."""
    return _BY_LANGUAGE.get(language, _COMMON)
