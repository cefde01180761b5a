"""Check of the rejected stream against the number at which intake stops reading."""

from fanmill.ops.doctor.result import CheckResult


def judge_rejections(count: int, failed: int, max_rejected: int | None) -> CheckResult:
    """Return a failed check if so many rejections wait that intake has stopped reading.

    Any rejection is worth a warning.

    Args:
        count: Rejections in the stream.
        failed: The part of them that a stage rejected; only these stop intake.
        max_rejected: The number of them at which intake stops; None for no limit.
    """
    if max_rejected is not None and failed >= max_rejected:
        return CheckResult(
            "rejections",
            "error",
            f"{failed:,} of {max_rejected:,} by stages: intake has stopped reading",
            "fanmill rejected list; mend the cause, then: fanmill rejected replay --all, or "
            "fanmill rejected drop --all; or raise FANMILL_MAX_REJECTED",
        )
    if count:
        return CheckResult("rejections", "warning", f"{count:,}", "see: fanmill rejected list")
    return CheckResult("rejections", "ok", "none")
