"""Words found on arrays have the same bounds as ICU's words, for any text."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core_samples import SAMPLES
from core_texts import analysed
from fanmill.core.text.characters import codes_of, count
from fanmill.core.text.segmentation import is_word, words_and_separators
from fanmill.core.text.vocabulary import count_different
from fanmill.core.text.word_bounds import COMPLEX, classes, word_bounds

_AWKWARD = (
    "aZß1٣²½'’.,:;·-_‿/ \n\r\x85 \xad\u200b‍\ufeff्ّ́🏽👩🇩©½ءبक書カﾞﾟไ한ㄱאב״#İςΣǅﬁＡ１①Ⅷ\ud800\x00"  # noqa: RUF001
)


def spans_by_icu(text: str, language: str) -> list[tuple[int, int]]:
    tokens = list(words_and_separators(text, language))
    edges = [0, *accumulate(map(len, tokens))]
    places = zip(tokens, pairwise(edges), strict=True)
    return [span for token, span in places if is_word(token)]


def spans_on_arrays(text: str, language: str) -> list[tuple[int, int]] | None:
    codes = codes_of(text)
    found = word_bounds(codes, count(codes)[0], language)
    if found is None:
        return None
    return list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))


@given(st.text(st.sampled_from(_AWKWARD), max_size=40), st.sampled_from(["en", "sv", "fi", "und"]))
@example("it's 3.5 o'clock, a_b _ __ x²y ²", "en")
@example("a:b 1:2 k:n", "sv")
@example("́a \u200bb1 \xad", "en")
def test_words_stand_where_icu_has_them(text: str, language: str) -> None:
    found = spans_on_arrays(text, language)
    assert found is None or found == spans_by_icu(text, language)


@pytest.mark.parametrize("language", SAMPLES)
def test_words_of_prose_stand_where_icu_has_them(language: str) -> None:
    text = SAMPLES[language]
    found = spans_on_arrays(text, language)
    assert found is None or found == spans_by_icu(text, language)
    if language in {"zh", "ja", "ko", "th", "he"}:
        assert found is None
    if language in {"en", "de", "ru", "ar", "hi", "el"}:
        assert found is not None


def test_letters_of_dictionary_scripts_are_left_to_icu() -> None:
    assert all(kind & COMPLEX for kind in classes("书カไລམ်ក"[:3], "en"))


@given(st.text(st.sampled_from("abcdefghAB é.'x \n"), max_size=60))
@example("Straße STRASSE strasse")
@example("abcdefgh abcdefghi ABCDEFGH abcdefghI")
def test_different_words_are_counted_as_by_folding_each(text: str) -> None:
    analysis = analysed(text)
    different = len(set(map(str.casefold, analysis.words)))
    assert analysis.different_words == different
    codes = codes_of(text)
    starts, ends = analysis.word_starts, analysis.word_ends
    assert count_different(codes, count(codes)[0], starts, ends) in {different, None}
