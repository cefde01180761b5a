"""The plan of a back-fill: inputs and settings that all shards, also later ones, must agree on."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fanmill.backfill.inputs import InputFile
from fanmill.core.event_fields import FieldNames

if TYPE_CHECKING:
    from fanmill.settings import Settings

_RESULTS: Final = (
    "dedup_boilerplate", "dedup_partition", "statistics", "summary_method",
    "summary_max_sentences", "summary_max_words", "pii_mode", "rules_file", "tagger_paths",
    "disabled_taggers", "tagger_config_file", "tagger_time_limit_seconds", "topic_model_file",
)  # fmt: skip
"""Settings that change records or fingerprints."""

FILE: Final = "backfill.json"


class OtherBackfill(Exception):
    """A folder holds a back-fill of other inputs or settings; the text says what differs."""


def agree(
    folder: Path, files: list[InputFile], fields: FieldNames, settings: Settings, **more: Any
) -> None:
    """Write the plan of a back-fill, or compare it with the one that another shard has written.

    Raises:
        OtherBackfill: They differ.
    """
    values = settings.model_dump(mode="json", include=set(_RESULTS))
    wanted = {
        "files": [[each.name, each.size] for each in files],
        "fields": asdict(fields),
        "settings": values,
        **more,
    }
    wanted = json.loads(json.dumps(wanted))
    path = folder / FILE
    if not path.exists():
        unfinished = folder / f"{FILE}.{os.getpid()}.tmp"
        unfinished.write_text(json.dumps(wanted), encoding="utf-8")
        # A link fails if another shard was faster, which a rename does not.
        with suppress(FileExistsError):
            os.link(unfinished, path)
        unfinished.unlink()
    found = json.loads(path.read_text(encoding="utf-8"))
    differing = [name for name, value in wanted.items() if found.get(name) != value]
    if differing:
        raise OtherBackfill(
            f"{folder} holds a back-fill of other {' and '.join(differing)}; give another folder, "
            "or the same inputs, options and settings"
        )
