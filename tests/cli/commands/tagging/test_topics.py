"""`fanmill topics train` and `evaluate`, as an operator would use them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fork_server import run

SENTENCES = {
    "sport": ("The striker scored twice.", "The goalkeeper saved a penalty."),
    "weather": ("Heavy rain tonight.", "Snow and frost follow."),
}
ROWS = [
    {"text": f"{text} {word}", "title": word, "label": label}
    for label, texts in SENTENCES.items()
    for text in texts
    for word in ("Today", "Again", "So", "Now")
]


def fanmill(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(
        [sys.executable, "-m", "fanmill", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)) + "\n\n", encoding="utf-8")
    return path


def test_a_model_is_learnt_tried_and_used(labels: Path, tmp_path: Path) -> None:
    model = tmp_path / "own.model"
    done = fanmill("topics", "train", labels, "-o", model, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["accuracy"] == 1.0
    assert f"wrote {model}" in done.stderr.replace("\n", "")
    tried = fanmill("topics", "evaluate", labels, FANMILL_TOPIC_MODEL_FILE=str(model))
    assert tried.returncode == 0, tried.stderr
    assert "accuracy 1.000" in tried.stdout
    letter = tmp_path / "letter.txt"
    letter.write_text("The goalkeeper of the striker saved a penalty.", encoding="utf-8")
    tagged = fanmill("tag", letter, "--json", FANMILL_TOPIC_MODEL_FILE=str(model))
    tags = json.loads(tagged.stdout)["tagging"]["tags"]
    assert [tag["value"] for tag in tags["topic"]] == ["sport"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("no json", ":3: expected an object"),
        ('{"text": "a"}', ":3: expected an object"),
        ('{"text": 5, "label": "x"}', ":3: text and label must be texts"),
        ('{"text": "a", "label": ""}', ":3: text and label must be texts"),
        ('{"text": "a", "label": "x", "title": 1}', ":3: title must be a text"),
    ],
)
def test_what_is_wrong_with_labels_has_its_line(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join([*map(json.dumps, ROWS[:2]), line]), encoding="utf-8")
    done = fanmill("topics", "train", path, "-o", tmp_path / "x.model")
    assert done.returncode == 2
    assert f"labels.jsonl{message}" in done.stderr.replace("\n", "")
    assert not (tmp_path / "x.model").exists()


def test_a_model_that_is_not_there_is_named(labels: Path, tmp_path: Path) -> None:
    done = fanmill("topics", "evaluate", labels, "-m", tmp_path / "no.model")
    assert done.returncode == 2
    assert "no.model: No such file" in done.stderr.replace("\n", "")
