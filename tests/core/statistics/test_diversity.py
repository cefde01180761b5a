import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import analysed
from fanmill.core.statistics.diversity import diversity, moving_average, textual_diversity
from fanmill.core.text.vocabulary import previous_places, vocabulary

words = st.lists(
    st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]), max_size=120
)


def mtld(found: list[str]) -> float | None:
    ids = vocabulary(found, "en").ids
    return textual_diversity(ids, previous_places(ids))


def factors_by_definition(found: list[str]) -> float:
    """Count factors (McCarthy and Jarvis 2010): each is full when the ratio is below 0.72."""
    full, run = 0.0, []
    for word in found:
        run.append(word)
        if len(set(run)) / len(run) < 0.72:
            full, run = full + 1, []
    if run:
        full += (1 - len(set(run)) / len(run)) / 0.28
    return full


@given(words)
def test_mtld_is_the_mean_of_both_directions(found: list[str]) -> None:
    value = mtld(found)
    forward, backward = factors_by_definition(found), factors_by_definition(found[::-1])
    if len(found) < 10 or not forward or not backward:
        assert value is None
    else:
        assert value == pytest.approx((len(found) / forward + len(found) / backward) / 2)


@given(words, st.integers(1, 30))
def test_mattr_is_the_mean_over_all_windows(found: list[str], window: int) -> None:
    value = moving_average(previous_places(vocabulary(found, "en").ids), window)
    ratios = [len(set(found[at : at + window])) / window for at in range(len(found) - window + 1)]
    if ratios:
        assert value == pytest.approx(sum(ratios) / len(ratios), abs=1e-8)
    else:
        assert value is None


def test_a_text_of_one_word_over_and_over() -> None:
    found = diversity(analysed("no " * 100))
    assert (found.ttr, found.mattr, found.mtld) == (0.01, 0.02, 2.0)
    assert found.compression_ratio is not None
    assert found.compression_ratio > 10


def test_entropy_is_in_bits_per_code_point() -> None:
    assert diversity(analysed("abcd" * 4)).character_entropy == 2.0
    assert diversity(analysed("aaaa")).character_entropy == 0.0


def test_the_empty_text_has_no_diversity() -> None:
    assert set(diversity(analysed("")).model_dump().values()) == {None}
