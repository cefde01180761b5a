"""Forms of a record in the hash of its document."""

import shutil
import subprocess
from hashlib import sha256
from json import loads
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill_contracts import DocumentProcessed, decode, record_json
from fanmill_contracts.record_dictionary import RECORD_DICTIONARY
from fanmill_contracts.schemas import DICTIONARY_FILE
from fanmill_contracts.stored_records import compressed, decompressed, stored_record

FOLDER = Path(__file__).parent
DICTIONARY = FOLDER.parents[1] / "contracts" / "schemas" / DICTIONARY_FILE
EXAMPLE = decode((FOLDER / "v1" / "processed-full.json").read_bytes())
assert isinstance(EXAMPLE, DocumentProcessed)
RECORD = EXAMPLE.data
JSON = record_json(RECORD).encode()

READ = """
const { inflateRawSync } = require("node:zlib")
const { readFileSync } = require("node:fs")
const [value, dictionary] = process.argv.slice(1, 3).map((path) => readFileSync(path))
const record = JSON.parse(value[0] === 0x7b ? value : inflateRawSync(value, { dictionary }))
console.log(JSON.stringify(record))
"""


@pytest.mark.parametrize("value", [JSON, compressed(JSON)], ids=["json", "compressed"])
def test_both_forms_are_read(value: bytes) -> None:
    assert stored_record(value) == RECORD


@given(st.binary())
def test_what_is_compressed_comes_back(rest: bytes) -> None:
    assert decompressed(compressed(b"{" + rest)) == b"{" + rest


def test_a_record_is_compressed_to_less_than_a_third() -> None:
    assert not compressed(JSON).startswith(b"{")
    assert len(compressed(JSON)) < len(JSON) / 3


@pytest.mark.parametrize("value", [b"", b"\x00", b"no record", compressed(JSON)[:-4]])
def test_what_is_no_record_is_refused(value: bytes) -> None:
    with pytest.raises(ValueError, match="record"):
        stored_record(value)


def test_the_dictionary_never_changes() -> None:
    digest = "054071757f8663c2ab3cc924c58868d57d45f7896d02671a0bfca779297ddef8"
    assert sha256(RECORD_DICTIONARY).hexdigest() == digest, "stored records would be lost"
    assert DICTIONARY.read_bytes() == RECORD_DICTIONARY


@pytest.mark.skipif(shutil.which("node") is None, reason="NOT TRIED: there is no Node.js here")
@pytest.mark.parametrize("value", [JSON, compressed(JSON)], ids=["json", "compressed"])
def test_node_reads_both_forms(value: bytes, tmp_path: Path) -> None:
    stored = tmp_path / "record"
    stored.write_bytes(value)
    done = subprocess.run(
        ["node", "-e", READ, str(stored), str(DICTIONARY)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert loads(done.stdout) == loads(JSON)
