"""Keys of different things never meet."""

from hypothesis import given
from hypothesis import strategies as st

from fanmill.stores.keys import Keys
from fanmill_contracts import StreamNames

KEYS = Keys(StreamNames("fanmill"))

identifiers = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[*map(chr, range(32)), "\x7f"]),
    min_size=1,
    max_size=20,
)


@given(st.tuples(identifiers, identifiers), st.tuples(identifiers, identifiers))
def test_two_events_share_a_key_only_when_they_are_the_same(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert (KEYS.event(*one) == KEYS.event(*other)) == (one == other)


@given(identifiers)
def test_no_document_id_reaches_another_kind_of_key(document_id: str) -> None:
    fixed = {KEYS.ingested, KEYS.processed, KEYS.rejected, KEYS.results, KEYS.counters}
    fixed |= {KEYS.history, KEYS.processes}
    assert KEYS.document(document_id) not in fixed
    assert KEYS.document(document_id) == f"fanmill:document:{document_id}"


def test_two_namespaces_share_no_key() -> None:
    other = Keys(StreamNames("fanmill.eu"))
    assert KEYS.document("a") != other.document("a")
    assert not other.ingested.startswith(f"{KEYS.streams.namespace}:")
