"""Keyphrases are phrases of the author: nothing out of markup, and no pieces of words."""

# ruff: noqa: E501 (tables of texts)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import analysed, texts
from fanmill.core.document import Document
from fanmill.core.taggers.keyphrases import keyphrases
from fanmill.core.tagging.document_view import DocumentView


def phrases(text: str) -> list[str]:
    return [each.phrase for each in keyphrases(DocumentView(Document("d", text)))]


BODY = (
    "The winter boots of the valley are made by hand. Winter boots last for ten years in the snow. "
)
MARKED = {
    "tags": (
        '<div class="teaser-box" data-role="article"><em>*</em></div>',
        "div class teaser role em",
    ),
    "entities": ("*&nbsp;&quot;Boots&quot; &ndash; *", "nbsp quot ndash"),
    "addresses": (
        "* See https://cobbler.example.org/shoes/catalogue.html or www.cobbler.example *",
        "http cobbler catalogue html www",
    ),
    "mail": ("* Ask hilda.kern@cobbler.example.org or @kern77. *", "hilda cobbler kern77"),
    "latex": (
        "\\documentclass{article}\n\\begin{document}\n\\section{Boots}\n*\n$x_{leather}^2$ \\cite{kern2001}\n\\end{document}",
        "documentclass article begin section leather cite kern2001",
    ),
    "json": ('{"teaser": "*", "published_flag": false}', "teaser published_flag false"),
    "chat": ("[09:14] kern77: *\n[09:15] hilda_k: *\n[09:16] kern77: *", "kern77 hilda_k"),
    "names": ("kern: *\nhilda: *\nkern: *\nhilda: *", "kern hilda"),
    "forum": (
        '[b]Boots[/b] [quote="kern77"]*[/quote] [url=https://cobbler.example.org/a]*[/url] [img]x.png[/img]',
        "url img quote kern77 cobbler",
    ),
    "log": (
        "2024-03-01 10:00:00,113 ERROR [thread-7] org.cobbler.Sole - *\n2024-03-01 10:00:01,500 INFO [main] org.cobbler.Sole - *",
        "error info thread cobbler",
    ),
    "classes": ("* The class org.cobbler.sole.Stitcher fails. *", "cobbler stitcher"),
    "keys": ("* The key is aGVsbG8gd29ybGQg4oCTIGFu now. *", "agvsbg8"),
    "written breaks": (
        "*\\nLeather is dear.\\r\\nSoles too.\\n\\nTailors rest.\\n\\n*",
        "nleather nsoles ntailors",
    ),
    "entities in words": (
        "*The caf&eacute; of M&uuml;ller and &Ouml;zil sells boots. *",
        "caf ller zil",
    ),
    "fence": ("*\n\n```\nleather = stitch(sole)\n```\n\n*", "leather stitch sole"),
}


@pytest.mark.parametrize("kind", list(MARKED))
def test_nothing_out_of_markup_is_a_keyphrase(kind: str) -> None:
    form, words = MARKED[kind]
    found = phrases(form.replace("*", BODY))
    assert "winter boots" in [phrase.lower() for phrase in found]
    joined = " ".join(found).lower()
    assert not [word for word in words.split() if word in joined]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Many wards saw SARS-CoV-2 in spring. SARS-CoV-2 came back in autumn.", "SARS-CoV-2"),
        ("Patients with COVID-19 recovered. The COVID-19 ward was closed.", "COVID-19"),
        ("A 3D scanner measures statues. The 3D scanner is slow.", "3D scanner"),
        ("A 5G mast was built near the school. The 5G mast hums.", "5G mast"),
    ],
)
def test_names_with_digits_are_whole(text: str, expected: str) -> None:
    assert expected.lower() in [phrase.lower() for phrase in phrases(text)]


@pytest.mark.parametrize("times", [2, 3, 5, 8])
@pytest.mark.parametrize("word", ["OFFER", "cheap", "Angebot", "скидка"])
def test_one_word_again_and_again_is_one_phrase(word: str, times: int) -> None:
    text = f"{' '.join([word] * times)}\nLeather boots from the valley.\n{' '.join([word] * times)}"
    found = [phrase.casefold() for phrase in phrases(text)]
    assert len([phrase for phrase in found if word.casefold() in phrase]) <= 1
    assert not any(f"{word} {word}".casefold() in phrase for phrase in found)


@pytest.mark.parametrize(
    ("headline", "glued"),
    [
        ("Parliament rejected treaty\n\nThe treaty was old.", "Parliament rejected"),
        ("Senators denied permit\n\nThe permit was for a mine.", "Senators denied"),
        ("Harbour banned rowing boats\n\nRowing boats are slow.", "Harbour banned"),
        ("Kern backs new leather tax. Nobody likes the leather tax.", "Kern backs"),
        ("Ito tells council of the flood.", "Ito tells"),
        ("Alder stun Birch in the cup. The cup is silver.", "Alder stun"),
        ("Alder Rangers thrash Birch. Fans sang all night.", "Alder Rangers thrash"),
        ("Court overturns Kern verdict. The verdict was unsafe.", "Court overturns"),
        ("Okafor plans a bridge over the bay. The bridge is long.", "Okafor plans"),
    ],
)
def test_verbs_of_headlines_are_no_part_of_a_name(headline: str, glued: str) -> None:
    assert not [phrase for phrase in phrases(headline) if phrase.startswith(glued)]


def test_a_piece_of_a_hyphenated_word_is_no_keyphrase() -> None:
    found = phrases(
        "The well-tempered clavier is state-of-the-art music. A well-tempered piano sings."
    )
    assert not {"tempered", "art", "tempered clavier", "tempered piano"} & set(found)


def test_words_broken_at_line_ends_are_whole() -> None:
    found = phrases(
        "The lea-\nther boots of the val-\nley are warm. Every lea-\nther boot is sewn in the val-\nley."
    )
    assert not [phrase for phrase in found if {"lea", "ther", "val", "ley"} & set(phrase.split())]


@pytest.mark.parametrize(
    "text", ["People and things of the year.", "The man said that time was a problem."]
)
def test_bare_generic_nouns_are_no_keyphrases(text: str) -> None:
    assert phrases(text) == []


@given(
    texts, st.lists(st.sampled_from(["-", "19", "COVID", "backs", "x", " ", "<b>"]), max_size=12)
)
def test_phrases_are_in_the_text(text: str, parts: list[str]) -> None:
    whole = "".join(parts) + text
    view = DocumentView(Document("d", whole))
    for each in keyphrases(view):
        assert 0 <= each.start < each.end <= len(whole)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The T-34 stood in the yard. A T-34 is heavy, and every T-34 was painted green.", "T-34"),
        ("Highway 61 is closed. Trucks leave Highway 61 at dawn.", "Highway 61"),
        ("Vitamin K is in kale. Who lacks vitamin K bleeds. Vitamin K helps.", "vitamin K"),
        ("The Fiat 500 is small. A Fiat 500 needs little room; the Fiat 500 sells.", "Fiat 500"),
        ("R&D costs rose. R&D is slow, and R&D needs patience.", "R&D"),
    ],
)
def test_letters_and_numbers_of_names_are_kept(text: str, phrase: str) -> None:
    found = [each.phrase.casefold() for each in keyphrases(analysed(text))]
    assert any(phrase.casefold() in each for each in found), found


@pytest.mark.parametrize(
    "thing",
    [
        "/srv/mill/wheel.conf",
        "C:\\Users\\ida\\wheel.docx",
        "mill.example.org/wheel/index.html",
        "doi:10.1234/wheel.2020.17",
        "9f8e7d6c5b4a",
    ],
)
def test_paths_hosts_and_digests_are_in_no_keyphrase(thing: str) -> None:
    text = f"The roof is in {thing} today. The roof is old, and {thing} knows why the roof leaks."
    found = [each.phrase.casefold() for each in keyphrases(analysed(text))]
    assert "roof" in found
    assert not any(
        word in each for each in found for word in ("wheel", "srv", "ida", "9f8e", "doi")
    )


def test_a_number_that_follows_a_word_by_chance_is_no_part_of_a_name() -> None:
    found = [e.phrase for e in keyphrases(analysed("The mill ground 40 sacks and sold 40 sacks."))]
    assert not any("40" in each for each in found)


@pytest.mark.parametrize(
    "name",
    [
        "C++",
        "F#",
        "AT&T",
        "R&D",
        "U.S.",
        "9/11",
        "TCP/IP",
        ".NET",
        "Wi-Fi 6",
        "Web 2.0",
        "F-16",
        "24/7",
    ],
)
def test_a_name_with_signs_is_a_keyphrase_with_its_span(name: str) -> None:
    text = f"Few know {name} well. The history of {name} is long, since {name} is old. They study {name}."
    analysed_text = analysed(text)
    found = {each.phrase.casefold(): each for each in keyphrases(analysed_text)}
    assert name.casefold() in found
    each = found[name.casefold()]
    assert text[each.start : each.end].casefold() == name.casefold()


def test_a_name_with_a_full_stop_ends_a_phrase_where_it_ends_a_sentence() -> None:
    text = "He moved to the U.S. Exports of wheat grew. Exports of rye fell in the U.S. Barley did not."
    assert "U.S. Exports" not in phrases(text)


@given(texts)
def test_every_span_of_a_keyphrase_is_in_the_text_and_scores_fall(text: str) -> None:
    found = keyphrases(analysed(text))
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_a_plural_and_a_part_of_a_better_phrase_are_not_among_the_first() -> None:
    text = (
        "The harbour tax rose. Harbour taxes rose in May, and the harbour tax pays for Warden Ida Holm. "
        "Ida Holm spoke of the tax. Holm said that the lighthouse needs a lamp. The lighthouse is old."
    )
    first = [each.casefold() for each in phrases(text)]
    assert not {"harbour tax", "harbour taxes"} <= set(first)
    assert first.index("lighthouse") < 4


def test_a_dateline_is_no_keyphrase() -> None:
    text = (
        "ROCK HARBOUR, Me. (AP) - The ferry sank at noon. Divers found the ferry. Nobody drowned."
    )
    assert not any("ROCK" in each for each in phrases(text))
