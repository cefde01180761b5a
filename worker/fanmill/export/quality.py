"""Quality signals of a record in the form of RedPajama-V2. Pure.

A signal of the published set keeps its name; others begin with `fanmill_`, also means over lines of
signals that RedPajama-V2 gives for each line. Each is a list of one span `[0, characters, value]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fanmill_contracts.statistics import QualitySignals

_PUBLISHED: Final = {
    "word_count": "rps_doc_word_count",
    "mean_word_length": "rps_doc_mean_word_length",
    "num_sentences": "rps_doc_num_sentences",
    "symbol_to_word_ratio": "rps_doc_symbol_to_word_ratio",
    "frac_unique_words": "rps_doc_frac_unique_words",
    "unigram_entropy": "rps_doc_unigram_entropy",
    "frac_all_caps_words": "rps_doc_frac_all_caps_words",
    "frac_no_alph_words": "rps_doc_frac_no_alph_words",
    "stop_word_fraction": "rps_doc_stop_word_fraction",
    "lines_end_with_ellipsis": "rps_doc_frac_lines_end_with_ellipsis",
    "lorem_ipsum": "rps_doc_lorem_ipsum",
    "curly_bracket": "rps_doc_curly_bracket",
    **{f"chars_top_{n}gram": f"rps_doc_frac_chars_top_{n}gram" for n in (2, 3, 4)},
    **{f"chars_duplicate_{n}grams": f"rps_doc_frac_chars_dupe_{n}grams" for n in range(5, 11)},
}

_NAMES: Final = {
    field: _PUBLISHED.get(field, f"fanmill_{field}") for field in QualitySignals.model_fields
}


def quality_signals_in(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the signals of a record; none for a duplicate without statistics.

    Args:
        record: The members of a `DocumentResult` as JSON has them.
    """
    statistics: Mapping[str, Any] = record.get("statistics") or {}
    tagging: Mapping[str, Any] = record.get("tagging") or {}
    size = statistics.get("characters", 0)
    values: dict[str, Any] = {}
    if statistics:
        values["ccnet_length"] = size
        values["ccnet_nlines"] = statistics["lines"]
        values["ccnet_language_score"] = tagging.get("language_confidence")
        if (quality := statistics.get("quality")) is not None:
            # The record leaves out signals that are 0.
            values |= {name: quality.get(field, 0) for field, name in _NAMES.items()}
        for name, result in (statistics.get("filters") or {}).items():
            values[f"fanmill_filter_{name}"] = int(result.get("passed", True))
    return {
        "id": record["document_id"],
        "metadata": {
            "url": record.get("url"),
            "source_domain": record["event"]["source"],
            "language": tagging.get("language"),
            "title": record.get("title"),
            "digest": f"sha256:{record['text_sha256']}",
            "is_duplicate": record["deduplication"]["verdict"] != "unique",
            "duplicate_of": record["deduplication"].get("duplicate_of"),
        },
        "quality_signals": {name: [[0, size, value]] for name, value in values.items()},
    }
