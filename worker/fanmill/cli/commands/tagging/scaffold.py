"""Files of `fanmill tagger new`, and the text that `fanmill taggers` measures with."""

from typing import Final

MODULE: Final = '''"""Tags texts that speak of what NAME is about."""

from collections.abc import Iterator

from pydantic import BaseModel

from fanmill.plugins import DocumentView, Tag, tagger


class Config(BaseModel):
    """Every field has a default; FANMILL_TAGGER_CONFIG_FILE names a TOML file with others."""

    word: str = "NAME"


# What tags otherwise than before gets a new version.
@tagger("NAME", "1", languages=["*"])
def NAME(doc: DocumentView, cfg: Config) -> Iterator[Tag]:
    """Yield one tag with each place where the word stands.

    `doc.words`, `doc.word_spans`, `doc.sentences`, `doc.language`,
    `doc.statistics` and others are computed when first asked for.
    """
    spans = tuple(
        span
        for word, span in zip(doc.normal_words, doc.word_spans, strict=True)
        if word == cfg.word
    )
    if spans:
        yield Tag("NAME", cfg.word, 1.0, "rule", spans, f"{len(spans)} times")
'''

TEST: Final = '''import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from NAME import NAME  # noqa: E402

from fanmill.plugins import Document, DocumentView, Tag  # noqa: E402


def test_a_text_with_the_word_is_tagged_where_it_stands():
    """When this has to change, so has the version in NAME.py."""
    tags = NAME(DocumentView(Document("d", "First NAME, then more.")))
    assert tags == (Tag("NAME", "NAME", 1.0, "rule", ((6, 6 + len("NAME")),), "1 times"),)


def test_other_texts_are_not():
    assert NAME(DocumentView(Document("d", "Nothing of the kind."))) == ()
'''

SAMPLE: Final = """\
The harbour bridge reopened on Friday after eleven weeks of repair, the city's engineers said.
By Jane Doe, 5 August 2022

Drivers had waited since May for the two middle spans to be lifted and their bearings replaced.
The works cost $3.5 million, a tenth more than was planned, for the river stood high in June. "We
should have begun a year earlier," said Ann Orme, who leads the office for bridges. Her office can
be reached at bridges@example.org or +44 20 7946 0958. The next inspection is due in ten years;
until then only the lamps and the railings will be painted, in a green that the council chose
after a long debate.

"""
"""Original text; a mixture of prose, names, numbers and an address."""
