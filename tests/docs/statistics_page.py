"""The reference page of all statistics; run as a program, writes `contracts/statistics.md`.

Definitions come from `fanmill_contracts.catalogue`, limits from `fanmill.core.statistics.filter_limits`.
"""

# ruff: noqa: E501 (the page has wider lines than code)

from pathlib import Path

from fanmill.core.statistics.filter_limits import PUBLISHED, Limits, limits
from fanmill_contracts.catalogue import CATALOGUE, SETS, Statistic

PAGE = Path(__file__).parents[2] / "contracts" / "statistics.md"

_LANGUAGES = ("en", "zh", "ja", "th", "lo", "km", "my", "ko", "vi", "ar", "he", "hi", "fi", "tr")

_HEAD = """\
# Statistics

Made from `fanmill_contracts/catalogue.py` by `make docs`. All of these are members of `statistics` in a record: those of
the set `sizes` of `statistics` itself, the others of the member named like their set (`statistics.quality.word_count`).
`FANMILL_STATISTICS` chooses the sets; `statistics.sets` names those that were computed, with their versions.

- `null` means "not defined for this text" and is never a zero in disguise.
- Values are rounded to eight decimals, times to a tenth of a second.
- A value is always within its range; a formula that leaves its range (a table read as a sentence) gives null.
- A version goes up when a definition changes; names are not reused.
"""

_LIMITS = """\
## Limits of the rules by script

The published limits are those of English; they apply if no other is named. Other scripts have others, because a
Chinese word has two characters, Thai ends no sentence with a mark, and Arabic writes few vowels. If fanmill
has no list of stop words for a language, the rule on stop words does not apply.
"""

_DIFFERENCES = """\
## Differences from the published code that are meant

On English the signals of the set `quality` equal RedPajama-V2's code to 1e-8, but for these:

- Function words are fanmill's own short list, counted without regard to case among words, not among tokens.
- Signals of lines are means over the lines; a record holds no list as long as its text.
- `chars_top_*` is at most 1: runs that overlap (`no no no`) count twice in the published code and give more than 1.

In other languages:

- Words are those of the dictionary where none are spaced (Chinese, Japanese, Thai, Lao, Khmer, Burmese); elsewhere
  letters stay composed (NFC), so that a Korean syllable is one character and not three.
- A letter is one of any script, and the marks that end a sentence are those of all scripts.

The rules follow datatrove, with these differences: words are those of the set `quality`, in lower case and without
punctuation (datatrove's come from spaCy, with punctuation as words); sentences are fanmill's; the limits above.
"""


def page() -> str:
    """Return the whole page."""
    parts = [_HEAD]
    for name, (version, purpose) in SETS.items():
        rows = [_row(entry) for entry in CATALOGUE if entry.set == name]
        parts.append(
            f"## {name} (version {version})\n\n{purpose}\n\n"
            "| name | definition | unit | range | empty | source |\n"
            "| --- | --- | --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"
        )
    parts.append(_LIMITS + "\n" + _limits_table())
    parts.append(_DIFFERENCES)
    return "\n".join(parts)


def _row(entry: Statistic) -> str:
    cells = (
        f"`{entry.field}`",
        entry.definition,
        entry.unit,
        _range(entry),
        entry.empty,
        entry.source,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _range(entry: Statistic) -> str:
    if entry.kind == "filter":
        return "passed, or the criterion that failed"
    high = "" if entry.high is None else f"{entry.high:,g}"
    return f"{entry.low:g} to {high}" if high else f"from {entry.low:g}"


def _limits_table() -> str:
    rows = [
        "| language | mean word length | short line (FineWeb) | rules about marks |",
        "| --- | --- | --- | --- |",
    ]
    for code in _LANGUAGES:
        limit = limits(code)
        name = f"`{code}` and all others" if limit == PUBLISHED else f"`{code}`"
        rows.append(f"| {name} | {_words(limit)} | {limit.short_line} | {_marks(limit)} |")
    return "\n".join(rows) + "\n"


def _words(limit: Limits) -> str:
    return f"{limit.min_word_length:g} to {limit.max_word_length:g}"


def _marks(limit: Limits) -> str:
    return "yes" if limit.marks else "left out"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
