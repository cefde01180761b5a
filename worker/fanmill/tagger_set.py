"""Taggers of the settings: built-in taggers, rules, models and plugins."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fanmill.core.plugin import PluginError
from fanmill.core.rules.rule import RuleError
from fanmill.core.taggers.builtin import BUILTIN
from fanmill.core.tagging.runner import Taggers
from fanmill.core.tagging.tagger import Tagger
from fanmill.plugins.discovery import TAGGERS, discover
from fanmill.plugins.time_limit import time_limit
from fanmill.settings import Settings
from fanmill.taggers.topic_file import topic_model_tagger
from fanmill_contracts.results import Problem

if TYPE_CHECKING:
    from fanmill.taggers.rules_file import LiveRules


@dataclass(frozen=True, slots=True)
class TaggerSet:
    """The taggers in force, with their origins."""

    taggers: Taggers
    origins: dict[str, str]
    """Origins by name: `fanmill`, an entry point, or a file."""
    problems: tuple[Problem, ...]
    """Problems of taggers that could not be loaded."""


def taggers_of(settings: Settings) -> TaggerSet:
    """Return the taggers of the settings.

    Raises:
        PluginError, RuleError: The rules file or the configuration is invalid, or taggers do not
            fit together. A plugin that cannot be loaded is a problem, not an error.
    """
    chosen: list[tuple[Tagger, str]] = [(each, "fanmill") for each in BUILTIN]
    if settings.topic_model_file:
        chosen = [pair for pair in chosen if pair[0].name != "topic"]
        chosen.append(
            (topic_model_tagger(Path(settings.topic_model_file)), settings.topic_model_file)
        )
    live: LiveRules | None = None
    if settings.rules_file:
        from fanmill.taggers.rules_file import (  # noqa: PLC0415  YAML takes 40 ms to load
            LiveRules,
            rules_tagger,
        )

        live = LiveRules(Path(settings.rules_file))
        chosen.append((rules_tagger(live), "fanmill"))
    found = discover(TAGGERS, settings.tagger_paths)
    problems = list(found.problems)
    names = {each.name for each, _ in chosen}
    for tagger, place in found.plugins:
        if tagger.name in names:
            text = f"tagger {tagger.name!r} exists already; give it another name"
            problems.append(Problem(stage="tag", producer=place, error=text))
        else:
            chosen.append((tagger, place))
    off = set(settings.disabled_taggers)
    unknown = off - {each.name for each, _ in chosen}
    if unknown:
        raise PluginError(
            f"unknown tagger {min(unknown)!r} (FANMILL_DISABLED_TAGGERS); known: "
            f"{', '.join(sorted(each.name for each, _ in chosen))}"
        )
    lasting = tuple(problems)

    def now() -> Sequence[Problem]:
        if live is None:
            return lasting
        # Checked before the document, so that the first document after a change reports it.
        live.current()
        return lasting + live.problems

    taggers = Taggers(
        [each for each, _ in chosen if each.name not in off],
        _configs(settings.tagger_config_file, settings.pii_mode, off),
        limit=time_limit(settings.tagger_time_limit_seconds),
        problems=now,
    )
    origins = {each.name: place for each, place in chosen if each.name not in off}
    return TaggerSet(taggers, origins, lasting)


def _configs(file: str, pii_mode: str, off: set[str]) -> dict[str, Any]:
    configs: dict[str, Any] = {}
    if file:
        path = Path(file)
        try:
            configs = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise PluginError(f"{path}: {error.strerror} (FANMILL_TAGGER_CONFIG_FILE)") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise PluginError(f"{path}: {error} (FANMILL_TAGGER_CONFIG_FILE)") from error
    if "pii" not in off:
        configs["pii"] = {**configs.get("pii", {}), "mode": pii_mode}
    return configs


__all__ = ["PluginError", "RuleError", "TaggerSet", "taggers_of"]
