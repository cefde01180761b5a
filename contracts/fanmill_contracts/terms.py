"""Closed sets of words in the contract.

They are apart from the models, so that a short command does not build models for them.
"""

from typing import Literal

Verdict = Literal["unique", "exact", "near"]
"""`exact`: equal after normalisation to an earlier document. `near`: similar to one."""

DecidedBy = Literal["digest", "jaccard", "containment", "nothing-alike", "digest-only"]
"""Test that decided the verdict.

`digest`: equal digests. `jaccard`, `containment`: that estimate reached its threshold.
`nothing-alike`: no earlier document is similar. `digest-only`: the text is too short for an
estimate, and no earlier document has its digest.
"""

ComparedText = Literal["full", "content"]
"""`full`: the whole text. `content`: the text without boilerplate lines."""

ScoreKind = Literal["probability", "rule", "heuristic"]
"""`probability`: calibrated. `rule`: a rule matched. `heuristic`: orders tags, no more."""

Stage = Literal["deduplicate", "summarize", "tag"]

Place = Literal["intake", Stage]
"""Place of a failure: intake or a stage."""
