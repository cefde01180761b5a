# ruff: noqa: RUF001 (an en dash is one of the bullets)
"""Runs RedPajama-V2's own signal code and writes what it says of texts.

    python tests/bench/redpajama.py CHECKOUT TEXTS.json > tests/core/recorded/redpajama.json

CHECKOUT is a copy of its public repository; nltk, numpy and msgspec must be installed. TEXTS.json
maps names to texts; without it the project's own English samples are taken. The line signals are
reduced to their means, as ours are. Stop words are left out: the lists differ.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

NAMES = {
    "RPS_Doc_Word_Count": "word_count",
    "RPS_Doc_Mean_Word_Length": "mean_word_length",
    "RPS_Doc_Num_Sentences": "num_sentences",
    "RPS_Doc_Symbol_To_Word_Ratio": "symbol_to_word_ratio",
    "RPS_Doc_Frac_Unique_Words": "frac_unique_words",
    "RPS_Doc_Unigram_Entropy": "unigram_entropy",
    "RPS_Doc_Frac_All_Caps_Words": "frac_all_caps_words",
    "RPS_Doc_Frac_No_Alph_Words": "frac_no_alph_words",
    "RPS_Lines_Ending_With_Terminal_Punctution_Mark": "lines_end_with_terminal_mark",
    "RPS_Doc_Frac_Lines_End_With_Ellipsis": "lines_end_with_ellipsis",
    "RPS_Lines_Start_With_Bulletpoint": "lines_start_with_bullet",
    "RPS_Lines_Uppercase_Letter_Fraction": "lines_uppercase_fraction",
    "RPS_Lines_Numerical_Chars_Fraction": "lines_numerical_fraction",
    "RPS_Lines_Num_Words": "lines_num_words",
    "RPS_Lines_Javascript_Counts": "javascript_count",
    "RPS_Doc_Lorem_Ipsum": "lorem_ipsum",
    "RPS_Doc_Curly_Bracket": "curly_bracket",
    **{f"RPS_Doc_Frac_Chars_Top_{n}gram": f"chars_top_{n}gram" for n in (2, 3, 4)},
    **{f"RPS_Doc_Frac_Chars_Dupe_{n}Grams": f"chars_duplicate_{n}grams" for n in range(5, 11)},
}
"""Ours by the published name."""


class Published:
    """The published signals, from a checkout."""

    def __init__(self, checkout: Path) -> None:
        sys.path.insert(0, str(checkout / "app" / "src"))
        self._document = importlib.import_module("core.document").Document
        modules = [
            importlib.import_module(f"core.quality_signals.{name}")
            for name in ("natural_language", "repetitions", "lines", "content")
        ]
        self._signals = {}
        for name in NAMES:
            made = next(getattr(module, name) for module in modules if hasattr(module, name))
            self._signals[name] = (
                made()
                if made.__module__[-7:] != "content"
                else made(language="en", bad_urls_dir="", bad_words_dir="")
            )

    def signals(self, text: str) -> dict[str, float | None]:
        """Return all signals by our names."""
        document = self._document(text, domain=None)
        return {NAMES[name]: _one(name, f(document)) for name, f in self._signals.items()}


def _one(name: str, found: list[tuple[int, int, float | None]]) -> float | None:
    scores = [score for _, _, score in found]
    if not name.startswith("RPS_Lines"):
        return scores[0]
    if name == "RPS_Lines_Javascript_Counts":
        return sum(scores)
    scores = [score for score in scores if score is not None]
    return sum(scores) / len(scores) if scores else None


def samples() -> dict[str, str]:
    """Return the project's English samples and what is awkward about texts."""
    texts = {}
    folder = ROOT / "deploy" / "samples"
    for line in (folder / "news.jsonl").read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        if document.get("language", "en").startswith("en"):
            texts[document["id"]] = document["text"]
    for path in sorted((folder / "articles").iterdir()):
        if path.name.startswith(("choosing", "field", "letter", "lowmarsh", "notice", "plum")):
            texts[path.stem] = path.read_text(encoding="utf-8")
    repeated = "The ferry leaves at nine from the old pier, said the harbour master of the town. "
    texts["repeated"] = repeated * 6 + "It will be back before noon. " * 3
    texts["lists"] = "• One # two\n– Three...\n\n\tJAVASCRIPT and javascript {x}\nFOUR 44 5½ …\n"
    texts["lorem"] = "Lorem ipsum dolor sit amet.\nLorem  ipsum, once more? “Yes.”\n\nNaïve café É!"
    texts["one word"] = "word"
    texts["same word"] = "no " * 30
    return texts


def main() -> None:
    """Write the published values of all texts, and the time they took, to standard output."""
    published = Published(Path(sys.argv[1]))
    texts = json.loads(Path(sys.argv[2]).read_text()) if len(sys.argv) > 2 else samples()
    recorded: dict[str, Any] = {}
    for name, text in texts.items():
        recorded[name] = {"text": text, "signals": published.signals(text)}
    json.dump(recorded, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
