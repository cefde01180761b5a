"""Check of the environment: variables with fanmill's prefix that no setting reads."""

from collections.abc import Mapping
from difflib import get_close_matches

from fanmill.ops.doctor.result import CheckResult
from fanmill.settings import Settings

PREFIX = "FANMILL_"


def judge_environment(environment: Mapping[str, str]) -> CheckResult:
    """Return a warning that names the unknown FANMILL_ variables, with the closest known name."""
    known = sorted(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)
    unknown = sorted({name for name in environment if name.startswith(PREFIX)} - set(known))
    if not unknown:
        return CheckResult("settings", "ok", "no unknown FANMILL_ variable")
    guesses = []
    for name in unknown:
        close = get_close_matches(name, known, n=1)
        guesses.append(f"unset {name}" + (f" (did you mean {close[0]}?)" if close else ""))
    return CheckResult(
        "settings",
        "warning",
        f"unknown and without effect: {', '.join(unknown)}",
        f"{'; '.join(guesses)}; all names: fanmill config",
    )
