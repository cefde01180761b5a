"""Fingerprints as bytes."""

import pytest

from dedup_texts import text
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.packing import UnfitFingerprint, packed, unpacked
from fanmill.core.dedup.parameters import ALGORITHM_REVISION, DedupParameters
from fanmill.stores.index.wire import line_cells

PARAMETERS = DedupParameters()


@pytest.mark.parametrize("body", ["", "Closed today.", text(1), "中文文本测试" * 20, text(2, 3000)])
@pytest.mark.parametrize("seen", [0, 3])
def test_what_is_unpacked_is_what_was_packed(body, seen):
    maker = Fingerprinter(PARAMETERS)
    tokenized = maker.tokenize([body])
    (made,) = maker.fingerprints(tokenized, [[seen] * len(tokenized[0].lines.hashes)])
    back = unpacked(packed(made, PARAMETERS), PARAMETERS)
    assert (back.digest, back.content, back.full, back.size) == (
        made.digest, made.content, made.full, made.size
    )  # fmt: skip
    assert line_cells(back.lines.hashes) == line_cells(made.lines.hashes)
    assert (back.lines.sizes, back.lines.left_out) == (made.lines.sizes, made.lines.left_out)


def test_thresholds_may_change_and_what_signs_may_not():
    made = packed(Fingerprinter(PARAMETERS).fingerprint(text(1)), PARAMETERS)
    assert unpacked(made, DedupParameters(jaccard_threshold=0.9, containment=False)).content
    for other in ({"boilerplate": False}, {"bands": 9}, {"seed": 1}):
        with pytest.raises(UnfitFingerprint, match="wanted"):
            unpacked(made, DedupParameters(**other))


@pytest.mark.parametrize("damaged", [b"", b"AAAA", b"no fingerprint at all", b"\x01" * 18])
def test_what_is_damaged_is_refused(damaged):
    with pytest.raises(UnfitFingerprint):
        unpacked(damaged, PARAMETERS)


def test_parameters_come_back_from_their_json():
    made = DedupParameters(jaccard_threshold=0.85, boilerplate=False)
    assert DedupParameters.of_json(made.canonical_json()) == made
    now = f'"revision":{ALGORITHM_REVISION}'
    earlier = made.canonical_json().replace(now, '"revision":1')
    with pytest.raises(ValueError, match="revision"):
        DedupParameters.of_json(earlier)
