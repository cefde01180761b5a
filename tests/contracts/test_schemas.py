"""The committed JSON Schemas are what the models say."""

import subprocess
import sys
from json import dumps, loads
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from fanmill_contracts.codec import MODELS
from fanmill_contracts.schemas import DICTIONARY_FILE, files, schemas, write

COMMITTED = Path(__file__).parents[2] / "contracts" / "schemas"


def test_committed_schemas_are_the_generated_ones(tmp_path: Path) -> None:
    for path in write(tmp_path):
        assert (COMMITTED / path.name).read_text() == path.read_text(), (
            f"{path.name} differs; run: python -m fanmill_contracts.schemas contracts/schemas"
        )


def test_there_is_one_schema_for_each_event_and_no_other() -> None:
    written = {path.name for path in COMMITTED.glob("*.json")}
    assert written == {*(f"{name}.json" for name in MODELS), "asyncapi.json"}


def test_asyncapi_has_a_channel_for_each_event_and_its_references_lead_somewhere() -> None:
    document = loads((COMMITTED / "asyncapi.json").read_text())
    messages = [
        message
        for channel in document["channels"].values()
        for message in channel["messages"].values()
    ]
    assert {message["name"] for message in messages} == set(MODELS)
    for message in messages:
        assert (COMMITTED / message["payload"]["$ref"]).exists()
    for operation in document["operations"].values():
        assert operation["channel"]["$ref"].removeprefix("#/channels/") in document["channels"]


@pytest.fixture(scope="module")
def published() -> Draft7Validator:
    """Validator with the published schema of AsyncAPI 3.1.0."""
    path = Path(__file__).parent / "data" / "asyncapi-3.1.0.json"
    return Draft7Validator(loads(path.read_text(encoding="utf-8")))


def test_asyncapi_fits_the_published_schema(published: Draft7Validator) -> None:
    document = loads((COMMITTED / "asyncapi.json").read_text())
    assert document["asyncapi"] == "3.1.0"
    assert [error.message for error in published.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("operations", "receiveDocumentIngested", "action"), "publish"),
        (("operations", "sendDocumentProcessed", "channel"), "documentProcessed"),
        (("channels", "documentRejected", "address"), 3),
        (("asyncapi",), "3.0.0"),
    ],
)
def test_the_published_schema_refuses_what_is_wrong(
    published: Draft7Validator, place: tuple[str, ...], value: object
) -> None:
    document = loads((COMMITTED / "asyncapi.json").read_text())
    *way, last = place
    inner = document
    for step in way:
        inner = inner[step]
    assert inner[last] != value
    inner[last] = value
    assert not published.is_valid(document)


def test_only_models_have_titles() -> None:
    for schema in schemas().values():
        models = [schema, *schema["$defs"].values()]
        titles = [model.pop("title") for model in models if "properties" in model]
        assert len(set(titles)) == len(titles) == len(models)
        assert '"title": "' not in dumps(schema)


def references(schema: object) -> list[dict[str, object]]:
    """Return all objects of a schema that refer to another one."""
    if isinstance(schema, list):
        return [found for each in schema for found in references(each)]
    if not isinstance(schema, dict):
        return []
    inner = [found for value in schema.values() for found in references(value)]
    return [schema, *inner] if "$ref" in schema else inner


def test_references_have_no_siblings() -> None:
    found = references(list(schemas().values()))
    assert len(found) > 20
    assert {tuple(each) for each in found} == {("$ref",)}


@pytest.mark.parametrize("name", sorted(schemas()))
def test_each_schema_is_valid_and_requires_what_the_codec_requires(name: str) -> None:
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert set(schema["required"]) == {"specversion", "id", "source", "type", "data"}
    assert schema["properties"]["type"]["const"] == name.removesuffix(".json")


def test_no_schema_forbids_unknown_fields() -> None:
    # Consumers ignore what they do not know: additive changes stay within v1.
    assert [
        path.name
        for path in COMMITTED.iterdir()
        if '"additionalProperties": false' in path.read_text()
    ] == []


def test_the_module_writes_the_files_it_names(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fanmill_contracts.schemas", str(tmp_path / "new")],
        capture_output=True,
        text=True,
        check=True,
    )
    written = [Path(line) for line in done.stdout.splitlines()]
    assert {path.name for path in written} == {*files(), DICTIONARY_FILE}
    assert all(
        loads(path.read_text()) == files()[path.name]
        for path in written
        if path.name != DICTIONARY_FILE
    )


def test_without_a_folder_the_module_says_how_it_is_used() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fanmill_contracts.schemas"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "usage: python -m fanmill_contracts.schemas DIR" in done.stderr
