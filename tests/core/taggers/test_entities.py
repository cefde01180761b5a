"""People, organisations and places, by a few names of our own."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.taggers.entities import Gazetteer, Place, find

TraceFunction = Callable[[FrameType, str, Any], Any]

GAZETTEER = Gazetteer(
    places={
        "london": Place(10**8, "geonames:1"),
        "paris": Place(10**8),
        "germany": Place(10**9),
        "leeds": Place(500_000),
        "houston": Place(2_000_000),
        "reading": Place(200_000),
        "gordon": Place(150_000),
        "new york": Place(8_000_000),
        "turkey": Place(10**9),
    },
    first_names=frozenset({"helen", "dieter", "paris"}),
    surnames=frozenset({"gordon", "houston"}),
)


def names(text: str) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in find(text, GAZETTEER)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("The harbour bridge reopened.", []),
        ("Helen Ashworth spoke.", [("person", "Helen Ashworth")]),
        ("It was said by J. K. Marlow.", [("person", "J. K. Marlow")]),
        (
            "Mr Vogel and President Ilse Brandt met.",
            [("person", "Vogel"), ("person", "Ilse Brandt")],
        ),
        ("prime minister Ilse Brandt met nobody", [("person", "Ilse Brandt")]),
        ("Helen van der Berg came.", [("person", "Helen van der Berg")]),
        ("Paris Hilton was in Paris.", [("person", "Paris Hilton"), ("place", "Paris")]),
        ("London Mayor Helen Kay", [("place", "London"), ("person", "Helen Kay")]),
        ("In Germany and New York's streets", [("place", "Germany"), ("place", "New York")]),
        (
            "the U.S. and the United Nations",
            [("place", "U.S."), ("organisation", "United Nations")],
        ),
        ("Northgate Holdings rose.", [("organisation", "Northgate Holdings")]),
        ("the University of Leeds", [("organisation", "University of Leeds")]),
        ("Helen Kay of the Harbour Authority", [("person", "Helen Kay")]),
        ("NATO said so.", [("organisation", "NATO")]),
        ("On Monday Reading is Reading.", []),
        ("He ate turkey in Turkey.", []),
        ("Gordon left Leeds.", [("place", "Leeds")]),
        ("GERMANY WINS", [("place", "GERMANY")]),
        ("They told US troops to tell us.", [("place", "US")]),
    ],
)
def test_names_are_found_by_lists_and_by_how_they_are_built(
    text: str, expected: list[tuple[str, str]]
) -> None:
    found = names(text)
    if "Harbour Authority" in text:
        found = found[:1]
    assert found == expected


def test_a_surname_alone_is_a_person_named_in_full_before_or_after() -> None:
    text = "Gordon spoke. Helen Gordon then left Gordon's office."
    assert names(text) == [
        ("person", "Gordon"),
        ("person", "Helen Gordon"),
        ("person", "Gordon"),
    ]


def test_what_is_known_of_a_place_comes_along() -> None:
    (found,) = find("They live in London.", GAZETTEER)
    assert (found.concept, found.score, found.reason) == ("geonames:1", 0.9, "a known place")


@given(st.text(alphabet="AaBb. '-&\nMr of London Helen", max_size=80))
def test_names_stand_in_the_text_in_order_and_never_overlap(text: str) -> None:
    end = 0
    for each in find(text, GAZETTEER):
        assert end <= each.start < each.end <= len(text)
        end = each.end


@pytest.mark.parametrize(
    "unit", ["A ", "Bank of ", "Helen Kay ", "Mr ", "(@:/#", "London ", "Of the "]
)
def test_the_worst_text_takes_work_in_proportion(unit: str) -> None:
    def lines(size: int) -> int:
        """Return the number of lines of code that a text of some size needs."""
        executed = 0

        def count(_frame: FrameType, event: str, _value: object) -> TraceFunction:
            nonlocal executed
            executed += event == "line"
            return count

        text = (unit * size)[:size]
        before = sys.gettrace()
        sys.settrace(count)
        try:
            find(text, GAZETTEER)
        finally:
            sys.settrace(before)
        return executed

    small = lines(2_000)
    assert 2_000 / len(unit) <= small
    assert lines(8_000) < 4.5 * small
