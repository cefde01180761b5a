"""Markup is found where it is, and prose has none."""

# ruff: noqa: E501 (tables of texts)

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import PARAGRAPHS, texts
from fanmill.core.language.detection import detect_languages
from fanmill.core.text.code_lines import is_code
from fanmill.core.text.markup import _HANDLE, _MAIL, is_table, markup_spans, without_markup

CODE = {
    "python": "import os\n\ndef walk(path):\n    for name in os.listdir(path):\n        yield name\n    return\n",
    "shell": '#!/bin/sh\nset -e\nfor f in a b; do\n  cp "$f" /tmp\ndone\nif [ -f x ]; then\n  rm x\nfi\n',
    "c": '#include <stdio.h>\nint main(void) {\n  int count = 0;\n  printf("many words here");\n  return 0;\n}\n',
    "javascript": "const app = start();\napp.get('/', (req, res) => {\n  res.send('Hello dear visitor');\n});\n",
    "lua": "local t = {}\nfor i = 1, 10 do\n  t[i] = i * 2\nend\nreturn t\n",
    "sql": "SELECT name, town\nFROM people\nWHERE age > 30\nORDER BY name;\n",
}
TABLE = "town,rain,sun\nAlder,12.5,30\nBirch,9.1,28\nCedar,4.0,27\nElm,3.3,31\n"
LOG = "".join(f"2024-05-0{day} 10:00:00 INFO worker started job={day}\n" for day in range(1, 6))
MARKED = {
    "tags": ('<p class="lead main-content"><b>*</b></p>', "class lead main content"),
    "entities": ("* &nbsp;&amp; *", "nbsp amp"),
    "addresses": ("* https://shop.example.org/winter-boots.html *", "shop winter boots html"),
    "mail": ("* jo.winter@boots.example.org *", "winter boots example"),
    "latex": ("\\section{*} \\cite{boots1999} \\textbf{*}", "section cite boots1999 textbf"),
    "json": ('{"headline": "*", "visible": true}', "headline visible true"),
    "forum": ('[size=4]*[/size] [quote="ann77"]*[/quote]', "size quote ann77"),
    "log": (
        "2024-03-01 10:00:00,113 WARN [pool-2] org.boots.Maker - *\n2024-03-01T10:00:02Z ERROR winter.store: *",
        "warn pool maker error store",
    ),
    "syslog": ("Mar  3 04:05:06 boots maker[2212]: *", "2212 maker boots"),
    "breaks": ("*\\n*\\r\\n*.\\tNothing", "tnothing"),
    "chat": ("[12:01] winter_boots: *\n[12:02] ann77: *", "winter_boots ann77"),
}


@pytest.mark.parametrize("name", list(CODE))
def test_code_is_in_no_language(name: str) -> None:
    assert is_code(CODE[name])
    assert detect_languages(CODE[name]).main.code == "und"


@pytest.mark.parametrize("text", [TABLE, TABLE.replace(",", ";"), TABLE.replace(",", "\t"), LOG])
def test_tables_and_logs_are_in_no_language(text: str) -> None:
    assert is_table(text)
    assert detect_languages(text).main.code == "und"


@pytest.mark.parametrize(
    "text",
    [
        '{"id": 4, "name": "roof", "tags": ["new", "green"], "size": {"w": 2, "h": 3}}',
        "jobs:\n  build:\n    runs-on: linux\n    steps:\n      - uses: checkout@v4\n      - run: test\n",
        '[White "Lund, A"]\n[Result "0-1"]\n\n1. d4 d5 2. c4 e6 3. Nc3 Nf6 4. Bg5 Be7 5. e3 O-O\n',
        "Name | Age | Town\nBo | 34 | Oslo\nCy | 28 | Bonn\nDi | 45 | Rome\n",
    ],
)
def test_data_is_in_no_language(text: str) -> None:
    assert is_table(text)
    assert detect_languages(text).main.code == "und"


@pytest.mark.parametrize("language", list(PARAGRAPHS))
def test_json_with_prose_is_in_the_language_of_its_prose(language: str) -> None:
    text = f'{{"id": 4, "kind": "note", "text": "{PARAGRAPHS[language]}"}}'
    assert detect_languages(text).main.code == detect_languages(PARAGRAPHS[language]).main.code


@pytest.mark.parametrize(
    "text",
    [
        "[[File:Roof.jpg|thumb|The roof]] words",
        "{{cite web|url=x|title={{lang|de|Dach}}}} words",
        "屋顶https://example.org/roof words",
    ],
)
def test_wiki_markup_and_addresses_in_chinese_are_markup(text: str) -> None:
    start, end = markup_spans(text)[0]
    assert text[end:] == " words"
    assert text[:start] in {"", "屋顶"}


@pytest.mark.parametrize("language", list(PARAGRAPHS))
@pytest.mark.parametrize("wrap", ["{}", "{}\n" * 4, "- {}\n- {}\n- {}", "({}); {}\n{};"])
def test_prose_is_no_code_and_has_no_markup(language: str, wrap: str) -> None:
    text = wrap.replace("{}", PARAGRAPHS[language])
    assert not is_code(text)
    assert not is_table(text)
    assert markup_spans(text) == ()


@pytest.mark.parametrize("kind", list(MARKED))
@pytest.mark.parametrize("language", ["en", "de", "fr", "ru", "zh", "hi"])
def test_markup_does_not_vote_for_the_language(kind: str, language: str) -> None:
    form, words = MARKED[kind]
    text = form.replace("*", PARAGRAPHS[language])
    plain = without_markup(text)
    assert len(plain) == len(text)
    assert not any(word in plain for word in words.split() if word not in PARAGRAPHS[language])
    assert detect_languages(text).main.code == language


@given(texts, st.sampled_from(["", "<a ", "&am", "{\n", "\\begin{x}", "a@b.", "`", "$"]))
def test_spans_are_in_order_and_apart(text: str, start: str) -> None:
    spans = markup_spans(start + text)
    assert all(begin < end <= len(start + text) for begin, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    "unit", ["<a", "&amp", "a@", "`", "$x", "\\a{", '"a":', "{", "a: ", "(", "<!--"]
)
def test_long_runs_of_signs_end(unit: str) -> None:
    text = unit * (40_000 // len(unit))
    assert len(without_markup(text)) == len(text)


@given(st.text("ab.@-_ ,1é\n", max_size=90))
def test_addresses_and_handles_are_those_of_a_search_of_the_whole_text(text: str) -> None:
    covered = {
        at
        for pattern in (_MAIL, _HANDLE)
        for found in pattern.finditer(text)
        for at in range(*found.span())
    }
    found = {at for start, end in markup_spans(text) for at in range(start, end)}
    assert found == covered
