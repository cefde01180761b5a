"""Numbers of words by `ShortWords` are those of a dictionary, whatever came before."""

from threading import Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.text.characters import codes_of
from fanmill.core.text.lexicon import Lexicon
from fanmill.core.text.short_words import SHORT, ShortWords, word_spans
from fanmill.core.text.vocabulary import MAX_KEPT
from fanmill.core.text.whitespace_words import whitespace_words

LANGUAGES = (
    "The miller of Lowmarsh ground barley, and the MILLER'S barley was good",
    "Straßenbahnhaltestellen und Donaudampfschifffahrtsgesellschaften über dem Fluss",
    "Мельник молол ячмень и пшеницу для деревень вдоль достопримечательностей",
    "მეწისქვილე ფქვავდა ქერსა და ხორბალს მდინარის სოფლებისთვის",
    "طحن الطحان الشعير والقمح للقرى على طول النهر",
    "चक्कीवाला नदी के किनारे के गाँवों के लिए जौ पीसता था",
    "방앗간 주인은 강가 마을을 위해 보리와 밀을 갈았다",
)


def numbers_of(text: str, lexicon: Lexicon) -> list[int]:
    table: ShortWords = lexicon.made("short words", ShortWords)
    letters = table.letters(codes_of(text), lexicon)
    starts, ends = word_spans(letters)
    assert [text[start:end] for start, end in zip(starts, ends, strict=True)] == text.split()
    return table.numbers(text, letters, starts, ends, lexicon).tolist()


def assert_as_a_dictionary(texts: list[str]) -> None:
    arrays, dictionary = Lexicon(), Lexicon()
    for text in texts:
        assert numbers_of(text, arrays) == dictionary.numbers(text.split()).tolist()
    assert arrays.tokens == dictionary.tokens


@given(st.lists(st.text(st.sampled_from("aab \n\u2003é\u0301яß😀\ud800\0")), max_size=8))
def test_words_of_any_characters_have_the_numbers_of_a_dictionary(texts: list[str]) -> None:
    assert_as_a_dictionary(texts)


@pytest.mark.parametrize("text", LANGUAGES)
def test_words_have_the_numbers_of_a_dictionary_in_each_language(text: str) -> None:
    assert_as_a_dictionary([text, text.upper(), text.casefold(), text])


@pytest.mark.parametrize("length", [1, 7, 8, 9, SHORT - 1, SHORT, SHORT + 1, 3 * SHORT])
def test_words_of_each_length_differ_by_any_letter(length: int) -> None:
    words = ["a" * length, *("a" * at + "b" + "a" * (length - at - 1) for at in range(length))]
    assert_as_a_dictionary([" ".join(words), " ".join(reversed(words)), "a" * (length + 1)])


def test_more_characters_than_letters_leave_words_to_the_dictionary() -> None:
    signs = "".join(map(chr, range(0x4E00, 0x4E00 + 600)))
    apart = " ".join(signs)
    assert_as_a_dictionary([apart, f"{signs[-1]}a b{signs[-2]}", f"x {signs[300]}", apart[::-1]])


def test_words_that_share_a_slot_keep_their_numbers() -> None:
    many = [f"w{number}" for number in range(60_000)]
    assert_as_a_dictionary([" ".join(many), " ".join(reversed(many)), " ".join(many)])


def test_threads_agree_on_numbers() -> None:
    lexicon = Lexicon()
    texts = [" ".join(f"{at % 3000}" for at in range(start, start + 9000)) for start in (0, 7, 900)]
    found: dict[int, list[int]] = {}

    def work(number: int) -> None:
        found[number] = numbers_of(texts[number], lexicon)

    threads = [Thread(target=work, args=(number,)) for number in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, text in enumerate(texts):
        assert [lexicon.tokens[each] for each in found[number]] == text.split()


@given(st.lists(st.text(st.sampled_from("aB.' é\u0301Σİ\r\x0b\u2028"), max_size=12), max_size=6))
def test_whitespace_words_are_those_of_each_line(lines: list[str]) -> None:
    text = "\n".join([*lines, "end"])
    found = whitespace_words(
        text.encode(),
        "fr",
        text.split("\n"),
        (),
        np.empty(0, np.int64),
        settled=False,
        distinct=np.array(sorted(set(map(ord, text))), np.int64),
    )
    assert found.per_line.tolist() == [len(line.split()) for line in found.lowered.split("\n")]
    assert found.ends.tolist()[-1] == found.total == sum(map(len, found.vocabulary.words))


def test_a_long_text_has_the_words_of_a_short_one() -> None:
    line = "Miller's barley, wheat and rye\n"
    text = line * (MAX_KEPT // 5 + 1)
    found = whitespace_words(
        text.encode(),
        "en",
        text.split("\n")[:-1],
        (),
        np.empty(0, np.int64),
        settled=True,
        distinct=np.array(sorted(set(map(ord, text))), np.int64),
    )
    assert found.vocabulary.words == ["millers", "barley", "wheat", "and", "rye"] * text.count("\n")
    assert set(found.per_line.tolist()) == {5}
