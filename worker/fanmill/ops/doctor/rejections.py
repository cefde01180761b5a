"""Check of the rejected stream against the number at which intake stops reading."""

from fanmill.ops.doctor.result import CheckResult


def judge_rejections(count: int, max_rejected: int | None) -> CheckResult:
    """Return a failed check if so many rejections wait that intake has stopped reading.

    Any rejection is worth a warning. `max_rejected` is None for no limit.
    """
    if max_rejected is not None and count >= max_rejected:
        return CheckResult(
            "rejections",
            "error",
            f"{count:,} of {max_rejected:,}: intake has stopped reading",
            "fanmill rejected list; mend the cause, then: fanmill rejected replay --all, or "
            "fanmill rejected drop --all; or raise FANMILL_MAX_REJECTED",
        )
    if count:
        return CheckResult("rejections", "warning", f"{count:,}", "see: fanmill rejected list")
    return CheckResult("rejections", "ok", "none")
