"""URLs beside and in scripts without spaces."""

# ruff: noqa: RUF001 (full-width punctuation)

import pytest

from fanmill.core.pii.contexts import words
from fanmill.core.pii.detect import find


def urls(text: str) -> list[str]:
    return [text[item.start : item.end] for item in find(text) if item.kind == "url"]


NAMES = [
    "上海市",
    "東京都",
    "サッカー",
    "のぼり",
    "佐々木",
    "서울특별시",
    "เชียงใหม่",
    "ວຽງຈັນ",
    "ភ្នំពេញ",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/wiki/*",
        "https://example.org/wiki/*#*",
        "https://example.org/a?q=*&page=2",
        "https://example.org/wiki/Category:*",
        "https://example.org/a?*=*&*=1",
        "https://example.org/wiki/*_(*)",
        "https://example.org/wiki/*2024*",
        "https://example.org/*/a/*.html",
        "www.example.org/tag/*",
    ],
)
def test_a_path_has_names_in_scripts_without_spaces(url: str, name: str) -> None:
    whole = url.replace("*", name)
    for text in (f"({whole})", f"「{whole}」", f"a {whole} b", f"[a]({whole})", whole):
        assert urls(text) == [whole]


@pytest.mark.parametrize("name", NAMES)
def test_a_path_in_another_script_ends_before_punctuation(name: str) -> None:
    whole = f"https://example.org/wiki/{name}"
    for mark in "。，、；！？）」】":
        assert urls(f"{whole}{mark}xyz") == [whole]


@pytest.mark.parametrize("word", [word for word in words("behind_address") if len(word) > 1])
@pytest.mark.parametrize(
    "url", ["https://example.org/docs/", "https://example.org/", "www.example.org/a/"]
)
def test_words_of_the_sentence_do_not_belong_to_a_url(url: str, word: str) -> None:
    assert urls(f"{url}{word}") == [url]


@pytest.mark.parametrize(
    "text",
    [
        "詳しくは*をご覧ください",
        "詳しくは*に掲載",
        "官网*今天公布了名单",
        "请看*，谢谢",
        "자세한 내용은 *에 있다",
        "*を参照",
        "看过*?来看看吧",
    ],
)
def test_a_sentence_goes_on_behind_the_first_slash(text: str) -> None:
    assert urls(text.replace("*", "https://example.org/")) == ["https://example.org/"]


@pytest.mark.parametrize(
    "remote",
    ["git@example.org:team/tool.git", "ana@example.org:~/notes/a", "backup@example.org:/srv/data"],
)
def test_remote_paths_are_no_mail_addresses(remote: str) -> None:
    assert find(f"copy {remote} now") == []


def test_a_mail_address_before_a_colon_is_found() -> None:
    text = "ana@example.org: yes, bo@example.org:"
    assert [text[item.start : item.end] for item in find(text)] == [
        "ana@example.org",
        "bo@example.org",
    ]
