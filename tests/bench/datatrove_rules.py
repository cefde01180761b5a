"""Runs datatrove's four filters and writes which rule each text fails.

    python tests/bench/datatrove_rules.py > tests/core/recorded/datatrove.json

datatrove and fanmill must be installed. Its filters get fanmill's words and sentences instead of
spaCy's: so the rules are compared, their order and their limits, not the segmentation.
"""

import importlib
import json
import sys
from pathlib import Path

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.language.detectors import Language

RULES = {
    "gopher_short_doc": "short_document",
    "gopher_long_doc": "long_document",
    "gopher_below_avg_threshold": "short_words",
    "gopher_above_avg_threshold": "long_words",
    "gopher_too_many_hashes": "hashes",
    "gopher_too_many_ellipsis": "ellipses",
    "gopher_too_many_bullets": "bullets",
    "gopher_too_many_end_ellipsis": "ellipsis_lines",
    "gopher_below_alpha_threshold": "few_letters",
    "gopher_enough_stop_words": "few_function_words",
    "dup_para_frac": "duplicate_paragraphs",
    "dup_para_char_frac": "duplicate_paragraph_characters",
    "dup_line_frac": "duplicate_lines",
    "dup_line_char_frac": "duplicate_line_characters",
    "too_few_sentences": "few_sentences",
    "line_punct_ratio": "unended_lines",
    "short_line_ratio": "short_lines",
    "char_dup_ratio": "copied_lines",
    "list_ratio": "line_breaks",
    **{f"top_{n}_gram": f"top_{n}gram" for n in (2, 3, 4)},
    **{f"duplicated_{n}_n_grams": f"duplicate_{n}grams" for n in range(5, 11)},
}
"""Ours by the published name, where they differ."""


def english(text: str) -> Analysis:
    """Return the analysis of a text that is taken for English."""
    analysis = Analysis(Document("d", text))
    analysis.__dict__["language"] = Language("en", 1.0)
    return analysis


def words(text: str, _language: str) -> list[str]:
    """Return the words of the quality signals."""
    return list(english(text).plain.vocabulary.words)


def sentences(text: str, _language: str) -> list[str]:
    """Return our sentences."""
    return [text[start:end] for start, end in english(text).sentences]


def main() -> None:
    """Write the failed rules of all texts to standard output."""
    folder = "datatrove.pipeline.filters."
    document = importlib.import_module("datatrove.data").Document
    filters = {}
    for ours, module, name in (
        ("gopher_quality", "gopher_quality_filter", "GopherQualityFilter"),
        ("gopher_repetition", "gopher_repetition_filter", "GopherRepetitionFilter"),
        ("c4", "c4_filters", "C4QualityFilter"),
        ("fineweb", "fineweb_quality_filter", "FineWebQualityFilter"),
    ):
        loaded = importlib.import_module(folder + module)
        for function, replacement in (
            ("split_into_words", words),
            ("split_into_sentences", sentences),
        ):
            if hasattr(loaded, function):
                setattr(loaded, function, replacement)
        filters[ours] = getattr(loaded, name)()
    recorded = Path(__file__).parents[1] / "core" / "recorded" / "redpajama.json"
    texts = {name: each["text"] for name, each in json.loads(recorded.read_text()).items()}
    prose = "".join(text for name, text in texts.items() if len(text) > 1000)[:4000]
    line = "The ferry left the old pier at nine and the harbour was quiet again.\n"
    texts |= {
        "prose": prose,
        "hashes": prose + "# " * 200,
        "ellipses": prose + "... " * 200,
        "numbers": prose + "12.5 " * 400,
        "one line often": line * 4 + prose.replace("\n\n", "\n"),
        "paragraphs often": (line + "\n") * 3 + prose,
        "phrase often": prose + "of course " * 120,
        "sentence often": prose + line.replace("\n", " ") * 9,
        "long sentence often": prose + (line.replace(".\n", " ") * 2 + "so. ") * 4,
        "brackets": prose + "\nThis { is what code looks like here.",
        "javascript": prose.replace(".\n", ". Javascript is needed here.\n"),
        "no marks": prose.replace(".\n", "\n"),
        "short lines": prose.replace(". ", ".\n"),
        "many breaks": prose.replace("\n", "\n" * 40),
        "list": "- one\n- two of the\n- three and four\n" * 30,
    }
    found = {}
    for name, text in texts.items():
        failed = {}
        for ours, each in filters.items():
            try:
                answer = each.filter(document(text=text, id=name))
            except ZeroDivisionError:
                continue  # It has no answer for texts without words.
            reason = None if answer is True else answer[1]
            failed[ours] = RULES.get(reason, reason)
        found[name] = {"text": text, "failed": failed}
    json.dump(found, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
