"""Errors of the index travel between processes and say what to do."""

import pickle

import pytest
from redis.exceptions import OutOfMemoryError

from fanmill.stores.index import (
    FingerprintIndexError,
    IndexFull,
    IndexParametersDiffer,
    UnusableDocumentId,
)

ERRORS = [
    IndexFull("acme", "OOM command not allowed"),
    IndexParametersDiffer("acme", '{"bands":8}', '{"bands":9}'),
    UnusableDocumentId("x" * 2000, 1024),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_can_be_pickled_and_keeps_its_text(error: FingerprintIndexError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own
    assert (type(again), str(again)) == (type(error), str(error))


def test_a_full_index_is_a_full_server() -> None:
    assert isinstance(ERRORS[0], OutOfMemoryError)
    assert "maxmemory" in str(ERRORS[0])
