"""Writes the contract as JSON Schema (draft 2020-12), one file per event, and as AsyncAPI 3.1.

`python -m fanmill_contracts.schemas DIR` writes the files; a test compares them
with the committed ones. AsyncAPI in JSON, which needs no library to be written.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from fanmill_contracts.codec import MODELS, Event
from fanmill_contracts.events import INGESTED_TYPE, PROCESSED_TYPE, REJECTED_TYPE
from fanmill_contracts.record_dictionary import RECORD_DICTIONARY
from fanmill_contracts.streams import EVENT_FIELD, StreamNames

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every event by file name, as producers and readers write it."""
    return {f"{name}.json": _schema(name, model) for name, model in sorted(MODELS.items())}


class _WithoutFieldTitles(GenerateJsonSchema):
    """Generator that gives titles to models alone: code generators make a type of each title."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Return False for every field."""
        del schema
        return False


def _schema(name: str, model: type[Event]) -> dict[str, Any]:
    schema = model.model_json_schema(mode="validation", schema_generator=_WithoutFieldTitles)
    # Has a default for programs in Python, but on the wire it is what chooses the model.
    schema["required"] = [*schema["required"], "type"]
    return {"$schema": _DRAFT, "$id": f"urn:{name.replace('.', ':')}", **_plain_references(schema)}


def _plain_references(schema: Any) -> Any:
    """Return a schema in which no reference has siblings: they make a new type in TypeScript."""
    if isinstance(schema, list):
        return [_plain_references(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _plain_references(value) for name, value in schema.items()}
    if "$ref" in found and len(found) > 1:
        found["allOf"] = [{"$ref": found.pop("$ref")}]
    return found


def asyncapi() -> dict[str, Any]:
    """Return the three streams as an AsyncAPI 3.1 document that refers to the schemas."""
    streams = StreamNames()
    channels = {
        "documentIngested": (streams.ingested, INGESTED_TYPE, "receive"),
        "documentProcessed": (streams.processed, PROCESSED_TYPE, "send"),
        "documentRejected": (streams.rejected, REJECTED_TYPE, "send"),
    }
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "fanmill",
            "version": "1",
            "description": "Redis streams; each entry has the event in its field "
            f"`{EVENT_FIELD}`. The first part of each address is the namespace.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            channel: {
                "address": address,
                "messages": {"event": {"name": name, "payload": {"$ref": f"{name}.json"}}},
            }
            for channel, (address, name, _) in channels.items()
        },
        "operations": {
            f"{action}{channel[0].upper()}{channel[1:]}": {
                "action": action,
                "channel": {"$ref": f"#/channels/{channel}"},
            }
            for channel, (_, _, action) in channels.items()
        },
    }


DICTIONARY_FILE: Final = "record-dictionary.txt"
"""Name of the preset dictionary for stored records, for other languages."""


def files() -> dict[str, dict[str, Any]]:
    """Return all that is written, by file name: the schemas and `asyncapi.json`."""
    return {**schemas(), "asyncapi.json": asyncapi()}


def write(folder: Path) -> list[Path]:
    """Write all files into `folder` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in files().items():
        path = folder / name
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        paths.append(path)
    dictionary = folder / DICTIONARY_FILE
    dictionary.write_bytes(RECORD_DICTIONARY)
    return [*paths, dictionary]


if __name__ == "__main__":
    match sys.argv[1:]:
        case [target]:
            for written in write(Path(target)):
                sys.stdout.write(f"{written}\n")
        case _:
            sys.exit("usage: python -m fanmill_contracts.schemas DIR")
