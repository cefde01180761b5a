"""Choice of the index partition of a document."""

import pytest

from fanmill.core.dedup.partition import ALL, InvalidPartition, partition
from fanmill.stores.index.keys import IndexKeys


def event(**data: object) -> dict[str, object]:
    return {"source": "/billing", "data": data}


def test_without_a_rule_there_is_one_part():
    assert partition(())(event(language="en")) == ALL


@pytest.mark.parametrize("tag", ["en", "en-GB", "EN_us"])
def test_tags_of_one_language_are_one_part(tag):
    assert partition(("language",))(event(language=tag)) == "en"


def test_aspects_are_joined_in_their_order():
    partition_of = partition(("metadata:tenant", "language"))
    assert partition_of(event(language="de", metadata={"tenant": "acme"})) == "acme:de"
    assert partition_of(event()) == "none:none"


def test_values_that_are_no_names_become_names_of_their_own():
    partition_of = partition(("metadata:tenant",))
    names = {
        partition_of(event(metadata={"tenant": value}))
        for value in ("a/b", "a b", "a{b}", "x" * 200, "x" * 201, "none", None, 7, "中")
    }
    assert len(names) == 9
    for name in names:
        IndexKeys("fanmill", name, "00000000")


def test_a_source_is_a_part():
    assert partition(("source",))(event()).startswith("_billing-")


@pytest.mark.parametrize(
    "aspects", [("colour",), ("metadata:",), ("language", ""), ("a,b",), ("source",) * 4]
)
def test_an_unknown_aspect_is_refused_by_name(aspects):
    with pytest.raises(InvalidPartition, match="expected up to three"):
        partition(aspects)
