import gc
import weakref
from threading import Thread

import numpy as np

from fanmill.core.document import Document
from fanmill.core.taggers.keyphrases import keyphrases
from fanmill.core.taggers.topics import find_topics
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.text.lexicon import (
    MAX_ALL_TOKENS,
    MAX_LANGUAGES,
    MAX_TOKENS,
    Column,
    Lexicon,
    Lexicons,
    lexicon,
)


def test_a_piece_keeps_its_number_and_new_ones_get_the_next() -> None:
    words = Lexicon()
    assert words.numbers(["a", " ", "b", " ", "a"]).tolist() == [0, 1, 2, 1, 0]
    assert words.numbers(["b", "c"]).tolist() == [2, 3]
    assert words.numbers([]).tolist() == []


def test_a_column_asks_once_for_each_piece() -> None:
    asked: list[str] = []

    def size_of(token: str) -> int:
        asked.append(token)
        return len(token)

    words = Lexicon()
    column = Column(words, size_of, np.int64)
    assert column.of(words.numbers(["one", "three", "one"])).tolist() == [3, 5, 3]
    assert column.of(words.numbers(["three", "seven" * 2])).tolist() == [5, 10]
    assert asked == ["one", "three", "seven" * 2]


def test_a_column_grows_with_the_lexicon() -> None:
    words = Lexicon()
    column = Column(words, int, np.int64)
    numbers = words.numbers([str(number) for number in range(5000)])
    assert column.of(numbers).tolist() == list(range(5000))


def test_a_full_lexicon_is_followed_by_a_new_one() -> None:
    first = lexicon("x-test")
    assert lexicon("x-test") is first
    first.numbers([str(number) for number in range(MAX_TOKENS + 1)])
    assert lexicon("x-test") is not first
    assert len(lexicon("x-test")) == 0


def test_threads_agree_on_numbers() -> None:
    words = Lexicon()
    tokens = [str(number % 3000) for number in range(9000)]
    threads = [Thread(target=words.numbers, args=(tokens[start:],)) for start in (0, 500, 1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [words.tokens[number] for number in words.numbers(tokens).tolist()] == tokens
    assert len(words) == len(words.tokens) == 3000


def test_a_lexicon_that_is_replaced_is_freed_at_once_with_all_that_was_made_of_it() -> None:
    text = "The miller of Lowmarsh ground barley and wheat for the villages along the river. "
    doc = DocumentView(Document("doc-1", text * 5))
    keyphrases(doc)
    find_topics(doc)
    language = doc.language.code
    gone = [weakref.ref(doc.lexicon), *map(weakref.ref, doc.lexicon._made.values())]
    assert len(gone) >= 4
    lexicon(language).numbers([f"other {number}" for number in range(MAX_TOKENS + 1)])
    collects = gc.isenabled()
    gc.disable()
    try:
        del doc
        lexicon(language)
        assert [each() for each in gone] == [None] * len(gone)
    finally:
        if collects:
            gc.enable()


def test_all_lexicons_together_are_bounded() -> None:
    kept = Lexicons()
    for language in range(3 * MAX_LANGUAGES):
        words = kept.of(f"x-{language}")
        words.numbers([str(number) for number in range(MAX_TOKENS // 2)])
        assert kept.of(f"x-{language}") is words
        assert kept.tokens() <= MAX_ALL_TOKENS + MAX_TOKENS
    kept.clear()
    assert kept.tokens() == 0
