"""The stage `tag` through the step, the memory twins and the settings."""

import json
import threading
from pathlib import Path
from time import sleep

import pytest

from builders import written
from fanmill.core.document import Document
from fanmill.core.pii.redact import REDACTION
from fanmill.core.plugin import Overrun, PluginError
from fanmill.core.stages import tagging_by
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.runner import Taggers
from fanmill.core.tagging.tag import Tag
from fanmill.core.tagging.tagger import tagger
from fanmill.intake.validation import validate
from fanmill.plugins.time_limit import time_limit
from fanmill.ports import Admission
from fanmill.settings import Settings
from fanmill.stage_functions import functions_of
from fanmill.steps.batch_run import document_of
from fanmill.tagger_set import taggers_of
from fanmill_contracts import DocumentIngested, Problem, encode

TEXT = "Write to jane.doe@example.org about the harbour bridge. The bridge is open again."


def test_a_step_passes_on_all_that_the_event_says() -> None:
    event = DocumentIngested.create(
        "d",
        TEXT,
        source="/crawler/eu",
        title="A bridge",
        author="Jane Doe",
        publisher="The Courier",
        metadata={"section": "news"},
    )
    document = document_of(json.loads(encode(event)))
    assert document == Document(
        "d",
        TEXT,
        title="A bridge",
        source="/crawler/eu",
        author="Jane Doe",
        publisher="The Courier",
        metadata={"section": "news"},
    )


def test_a_redacted_record_shows_no_address_in_its_title() -> None:
    event = DocumentIngested.create("d", TEXT, source="/s", title="Write to jane.doe@example.org")
    entry = written("1-0", encode(event))
    plain, redacted = validate(entry), validate(entry, redacts=True)
    assert isinstance(plain, Admission)
    assert isinstance(redacted, Admission)
    assert "jane.doe" in plain.record_prefix
    assert "jane.doe" not in redacted.record_prefix
    assert REDACTION in redacted.record_prefix


def test_settings_decide_what_the_stages_do(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("taxonomy:\n  bridges: [harbour bridge]\n")
    config = tmp_path / "taggers.toml"
    config.write_text("[keyphrase]\nmax_keyphrases = 1\n")
    settings = Settings(
        pii_mode="redact",
        rules_file=str(rules),
        disabled_taggers="quality,topic",
        tagger_config_file=str(config),
    )
    functions = functions_of(settings)
    tagging = functions.tag(Document("d", TEXT)).tagging
    assert tagging is not None
    assert list(tagging.tags) == ["keyphrase", "language", "pii", "rule"]
    (rule,) = tagging.tags["rule"]
    assert len(tagging.producer_of(rule).model_hash or "") == 12
    summary = functions.summarize(Document("d", TEXT)).model_dump_json()
    assert "jane.doe" not in summary
    assert "harbour bridge" in summary


def test_a_rules_file_that_goes_wrong_is_a_problem_of_the_record(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("taxonomy:\n  bridges: [harbour bridge]\n")
    taggers = taggers_of(Settings(rules_file=str(rules))).taggers
    rules.write_text("taxonomy: 3\n")
    sleep(1.1)  # until the file is looked at again
    taggers.tag(DocumentView(Document("d", TEXT)))
    tagged = taggers.tag(DocumentView(Document("d", TEXT)))
    assert [each.producer for each in tagged.problems] == ["rules"]
    assert "bridges" in [tag.value for tag in tagged.tagging.tags["rule"]]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"tagger_config_file": "no-such-file.toml"}, "FANMILL_TAGGER_CONFIG_FILE"),
        ({"topic_model_file": "no-such.model"}, "FANMILL_TOPIC_MODEL_FILE"),
        ({"disabled_taggers": "keyfrase"}, "unknown tagger 'keyfrase'"),
    ],
)
def test_settings_that_cannot_be_met_are_refused(settings: dict[str, str], message: str) -> None:
    with pytest.raises(PluginError, match=message):
        taggers_of(Settings(**settings))  # type: ignore[arg-type]


def test_problems_join_the_result_of_the_stage() -> None:
    @tagger("broken", "1")
    def broken(_: DocumentView) -> list[Tag]:
        raise LookupError("no such shelf")

    members = tagging_by(Taggers([broken]))(Document("d", TEXT))
    assert members.problems == (
        Problem(stage="tag", producer="broken", error="LookupError: no such shelf"),
    )


def test_the_time_limit_ends_what_goes_on_and_leaves_no_timer_behind() -> None:
    limited = time_limit(0.05)
    with pytest.raises(Overrun, match=r"0\.05 s"), limited():  # noqa: PT012  the loop has to be in it
        while True:
            pass
    sleep(0.2)  # a timer left behind would end the test here


def test_outside_the_main_thread_the_limit_is_checked_at_the_end() -> None:
    done: list[bool] = []

    def work() -> None:
        with pytest.raises(Overrun), time_limit(0.01)():  # noqa: PT012  the work has to be in it
            sleep(0.05)
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
