"""Judging documents by an index, for tests."""

from __future__ import annotations

from fanmill.core.dedup.judgement import Candidate


def judge(index, *candidates: Candidate):
    return index.judge(list(candidates))


def verdicts(judgements):
    return [(j.verdict, j.original_id) for j in judgements]
