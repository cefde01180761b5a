"""Failure groups: a cause has one fingerprint, whatever the event says."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from builders import raw_body
from fanmill.core.failure_group import exception_name, fingerprint, innermost_frame
from fanmill.intake.validation import validate
from fanmill.ports import Entry, Rejection
from fanmill.steps.stage_results import members_json
from fanmill.stores.rejection_event import group_of


def raised(function: Any, *arguments: Any) -> Exception:
    try:
        function(*arguments)
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError("nothing was raised")


def refused(body):
    judged = validate(Entry("1-1", body, len(body)))
    assert isinstance(judged, Rejection), judged
    return judged


def test_the_innermost_frame_is_fanmills_even_if_a_library_raised():
    error = raised(members_json, None)
    assert exception_name(error) == "AttributeError"
    module, function, line = innermost_frame(error).split(":")
    assert (module, function) == ("fanmill.steps.stage_results", "members_json")
    assert line.isdecimal()


def test_an_error_without_a_frame_of_fanmill_has_none():
    error = raised({}.__getitem__, "secret text")
    assert innermost_frame(error) == ""
    assert exception_name(error) == "KeyError"


@given(st.text(max_size=40), st.text(max_size=40))
def test_events_with_one_mistake_share_a_group_whatever_they_contain(one, other):
    groups = {
        group_of(refused(raw_body(data={"metadata": {"key": [text]}, "text": text})))
        for text in (one, other)
    }
    assert len(groups) == 1


def test_events_with_different_mistakes_have_different_groups():
    bodies = (
        b"{",
        raw_body(data={"text": 1}),
        raw_body(data={"document_id": ...}),
        raw_body(specversion="9"),
        raw_body(id=""),
    )
    judged = [refused(body) for body in bodies]
    assert len({group_of(each) for each in judged}) == len(bodies)
    assert [each.frame for each in judged] == [
        "event",
        "data.text",
        "data.document_id",
        "specversion",
        "id",
    ]


@given(st.lists(st.text(max_size=8), min_size=4, max_size=4))
def test_a_fingerprint_is_twelve_hexadecimal_digits(parts):
    found = fingerprint(*parts)
    assert len(found) == 12
    assert int(found, 16) >= 0
