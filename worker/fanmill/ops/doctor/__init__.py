"""Checks of a server and the processes on it; each failed check says what to do.

Every subject has a file: functions `judge_...` are pure and turn what was asked into a
`CheckResult`. `examination.py` asks, within a fixed time, and only reads.
"""

from fanmill.ops.doctor.examination import TIME_LIMIT_SECONDS, examine
from fanmill.ops.doctor.result import CheckResult, Level, Outcome, outcome

__all__ = ["TIME_LIMIT_SECONDS", "CheckResult", "Level", "Outcome", "examine", "outcome"]
