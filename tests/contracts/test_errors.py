"""Errors travel between processes and say what, with which value, against which limit."""

import pickle

import pytest

import fanmill_contracts
from fanmill_contracts import errors
from fanmill_contracts.errors import (
    BacklogFull,
    ContractError,
    DocumentNotCompleted,
    EventTooLarge,
    InvalidArgument,
    InvalidEvent,
    MalformedEvent,
    NotDurable,
    PositionLost,
    ResultTimeout,
    ServerRefused,
    ServerUnreachable,
    UnsupportedVersion,
)

EXAMPLES: list[tuple[ContractError, str]] = [
    (
        MalformedEvent("data.language", "'English'", "a BCP 47 tag"),
        "data.language is 'English'; expected a BCP 47 tag",
    ),
    (UnsupportedVersion("specversion", "'0.3'", "'1.0'"), "specversion is '0.3'; expected '1.0'"),
    (
        EventTooLarge("data.text", "4,194,305 bytes", "4,194,304 bytes"),
        "data.text has 4,194,305 bytes; the limit is 4,194,304 bytes",
    ),
    (
        BacklogFull("fanmill:document.ingested", 100, 7),
        (
            "the ledger 'fanmill:document.ingested' holds 100 events, which is its limit "
            "(max_backlog); 7 events of this call were written; "
            "wait for the workers, start more of them, or raise the limit"
        ),
    ),
    (
        NotDurable("the disk is slow"),
        "the event was written but is not confirmed on disk: the disk is slow",
    ),
    (
        InvalidArgument("max_backlog", "-1", "None (no limit) or a whole number of at least 1"),
        "max_backlog is -1; expected None (no limit) or a whole number of at least 1",
    ),
    (
        ServerUnreachable("publish", "redis://localhost:6379/0", "connection refused"),
        "publish: the server redis://localhost:6379/0 is not reachable: connection refused",
    ),
    (
        ServerRefused("publish", "redis://localhost:6379/0", "NOPERM no permissions"),
        "publish: the server redis://localhost:6379/0 refused: NOPERM no permissions",
    ),
    (
        ResultTimeout("doc-1", 30.0, "received"),
        "document 'doc-1' has no result after 30 s; its state is 'received'",
    ),
    (
        DocumentNotCompleted("doc-1", "5-0", "stage-failed", "ValueError: no"),
        "document 'doc-1' was rejected: stage-failed: ValueError: no",
    ),
    (
        PositionLost("fanmill:document.processed", "5-0", "9-0"),
        (
            "the stream 'fanmill:document.processed' no longer holds all entries after 5-0; "
            "the oldest is 9-0; read on from the position '0-0'"
        ),
    ),
]


def concrete(kind: type[ContractError]) -> set[type[ContractError]]:
    below = set(kind.__subclasses__())
    return {kind} if not below else set().union(*(concrete(each) for each in below))


def test_every_error_class_has_an_example_here() -> None:
    assert {type(example) for example, _ in EXAMPLES} == concrete(ContractError)


@pytest.mark.parametrize(
    ("error", "text"), EXAMPLES, ids=[type(error).__name__ for error, _ in EXAMPLES]
)
def test_an_error_survives_pickling_with_text_and_attributes(
    error: ContractError, text: str
) -> None:
    assert str(error) == text
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own
    assert type(again) is type(error)
    assert str(again) == text
    assert vars(again) == vars(error)


@pytest.mark.parametrize(
    "error", [error for error, _ in EXAMPLES], ids=[type(error).__name__ for error, _ in EXAMPLES]
)
def test_the_number_of_accepted_events_is_in_the_text_and_survives_pickling(
    error: ContractError,
) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own
    again.accepted = 1234
    again = pickle.loads(pickle.dumps(again))  # noqa: S301  our own
    assert again.accepted == 1234
    if not isinstance(error, BacklogFull):
        assert str(again).endswith("; 1,234 events of this call were written before")


def test_every_error_of_the_package_is_exported_and_in_the_family() -> None:
    found = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert found <= set(fanmill_contracts.__all__)
    assert all(issubclass(getattr(errors, name), ContractError) for name in found)


def test_reasons_of_invalid_events_are_those_of_rejections() -> None:
    assert {kind.reason for kind in concrete(InvalidEvent) if issubclass(kind, InvalidEvent)} == {
        "malformed-event",
        "unsupported-version",
        "event-too-large",
    }
    assert set(errors.InvalidReason.__args__) == {
        "malformed-event",
        "unsupported-version",
        "event-too-large",
    }
