"""Writes the contract as JSON Schema (draft 2020-12), one file per event.

`python -m fanmill_contracts.schemas DIR` writes the files; a test compares them
with the committed ones.
"""

import json
import sys
from pathlib import Path
from typing import Any

from fanmill_contracts.codec import MODELS, Event

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every event by file name, as producers and readers write it."""
    return {f"{name}.json": _schema(name, model) for name, model in sorted(MODELS.items())}


def _schema(name: str, model: type[Event]) -> dict[str, Any]:
    schema = model.model_json_schema(mode="validation")
    # Has a default for programs in Python, but on the wire it is what chooses the model.
    schema["required"] = [*schema["required"], "type"]
    return {"$schema": _DRAFT, "$id": f"urn:{name.replace('.', ':')}", **schema}


def write(folder: Path) -> list[Path]:
    """Write all schemas into `folder` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in schemas().items():
        path = folder / name
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


if __name__ == "__main__":
    match sys.argv[1:]:
        case [target]:
            for written in write(Path(target)):
                sys.stdout.write(f"{written}\n")
        case _:
            sys.exit("usage: python -m fanmill_contracts.schemas DIR")
