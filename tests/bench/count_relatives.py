"""Count the parts of words that tell close relatives apart; makes `relatives.tsv`.

    python tests/bench/count_relatives.py TEXTS worker/fanmill/core/language/relatives.tsv

TEXTS is a folder with a file of sentences for each language, a sentence a line, such as `pt.txt`.
The shipped table was counted in every second sentence of the test data of `pemistahl/lingua` and
in the training and development parts of SIB-200.
"""

import re
import sys
from collections import Counter
from math import log2
from pathlib import Path

GROUPS = {
    "es pt gl ast ca oc": 1600,
    "da no sv fo is": 1600,
    "id ms": 900,
    "cs sk": 1000,
    "nl af": 700,
    "ru uk be bg mk sr ky kk tt ba mn tg": 1600,
    "hi mr ne": 600,
    "xh zu ss": 1000,
    "st tn nso": 800,
}
"""Languages of each group, and the number of parts that tell most."""
MIN_SENTENCES = 4
MIN_FREQUENCY = 0.002
"""Minimum number of sentences with a part, and their share, in the language that has it most."""
MIN_RARER = 1.5
MAX_RARER = 7
"""Minimum ratio to the language that has a part least, and the largest that is kept; both are
powers of two."""
SMOOTHED = 0.3
"""Sentences that are added to the count of each part."""


def parts(sentence: str) -> set[str]:
    """Return the words of a sentence, their first and last three letters, and accented letters."""
    words = set(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", sentence.lower().replace("’", "'")))  # noqa: RUF001
    found = {letter for word in words for letter in word if letter > "z"}
    for word in words:
        found.add(f"_{word}_")
        if len(word) > 4:
            found |= {f"{word[-3:]}_", f"_{word[:3]}"}
    return found


def table(codes: list[str], size: int, folder: Path) -> dict[str, str]:
    """Return the parts that tell most, and how much rarer they are in each language."""
    counts = {}
    sentences = {}
    for code in codes:
        lines = (folder / f"{code}.txt").read_text(encoding="utf-8").splitlines()
        counts[code] = Counter(part for line in lines for part in parts(line))
        sentences[code] = len(lines) + 1
    told = {}
    for part in set().union(*counts.values()):
        shares = [(counts[code][part] + SMOOTHED) / sentences[code] for code in codes]
        rarer = [log2(max(shares) / share) for share in shares]
        often = max(counts[code][part] for code in codes) >= MIN_SENTENCES or len(part) == 1
        if often and max(shares) > MIN_FREQUENCY and max(rarer) > MIN_RARER:
            levels = "".join(str(min(MAX_RARER, round(each))) for each in rarer)
            told[part] = (max(shares) * max(rarer), levels)
    kept = sorted(told, key=lambda part: (-told[part][0], part))[:size]
    return {part: told[part][1] for part in sorted(kept)}


def main() -> None:
    """Write the tables of all groups."""
    folder, made = map(Path, sys.argv[1:])
    lines = []
    for codes, size in GROUPS.items():
        lines.append(f"={codes}")
        lines += map("\t".join, table(codes.split(), size, folder).items())
    made.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
