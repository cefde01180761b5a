"""A process that goes on with its batch: which stages, without messages, each within its time."""

import subprocess
import sys
from dataclasses import replace
from textwrap import dedent

import pytest

from builders import PLAIN, Mill, ingested
from celery_apps import app_of
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.shell.continuing import Continuing
from fanmill.shell.queues import TASKS, queue_name
from fanmill.shell.tasks import register
from fanmill.steps import Functions
from fanmill_contracts.terms import Stage


@pytest.mark.parametrize(
    ("served", "later"),
    [
        (STAGES, ("summarize", "tag")),
        (("deduplicate", "tag"), ("tag",)),
        (("deduplicate",), ()),
        (("summarize", "tag"), ()),
        (("tag",), ()),
    ],
)
def test_a_worker_goes_on_with_the_later_stages_of_its_queues(
    served: tuple[Stage, ...], later: tuple[Stage, ...]
) -> None:
    app = app_of(Settings(namespace="eu", task_time_limit_seconds=7))
    continuing = Continuing(7)
    register(app, lambda: Mill().services, continuing)
    app.amqp.queues.select([queue_name("eu", stage) for stage in served])
    continuing.begin(app, "eu")
    assert continuing.stages == later
    assert [continuing.following(stage) for stage in STAGES] == [later, (), ()]
    limit = app.tasks[TASKS["deduplicate"]].time_limit
    assert limit == (7 * (1 + len(later)) if "deduplicate" in served else app.conf.task_time_limit)


def worked(mill: Mill, *later: Stage) -> None:
    """Run the task `deduplicate` on all that waits, going on with some later stages."""
    mill.services = replace(mill.services, continues=frozenset(later))
    app = app_of()
    register(app, lambda: mill.services, Continuing(30, later))
    while mill.poll():
        while (batch := mill.dispatcher.receive("deduplicate")) is not None:
            app.tasks[TASKS["deduplicate"]](batch.id, list(batch.entries), batch.delivery)


def test_a_process_that_serves_all_stages_completes_its_batch_without_a_message() -> None:
    mill = Mill()
    mill.publish(ingested("a", "Equal."), ingested("b", "Equal."), ingested("c", "refused by tag"))
    worked(mill, "summarize", "tag")
    assert {event.subject for event in mill.stores.processed()} == {"a", "b"}
    (rejected,) = mill.stores.rejections.entries()
    assert (rejected.event.data.document_id, rejected.event.data.stage) == ("c", "tag")
    assert rejected.event.data.attempts == 1
    assert {stage for stage, _ in mill.dispatcher.sent} == {"deduplicate"}
    assert mill.stores.waiting() == []


def test_a_stage_of_other_workers_is_sent_to_them() -> None:
    mill = Mill()
    mill.publish(ingested("a", "Text."))
    worked(mill, "summarize")
    assert [mill.dispatcher.waiting(stage) for stage in STAGES] == [0, 0, 1]
    assert mill.services.continuations == []


def test_stages_of_a_process_share_the_document() -> None:
    seen: list[Document] = []

    def look(document: Document) -> RecordMembers:
        seen.append(document)
        return RecordMembers()

    mill = Mill(functions=Functions(PLAIN.fingerprint, look, look))
    mill.publish(ingested("a", "Text."))
    worked(mill, "summarize", "tag")
    summarized, tagged = seen
    assert summarized is tagged


def ends_with(program: str, limit: float = 0.2) -> int:
    """Return the exit code of a program that goes on with two later stages.

    Args:
        program: Lines that use `limited`.
        limit: Seconds for each stage; far more than needed where a busy machine must not end it.
    """
    beginning = """
        import re, time
        from fanmill.core.plugin import Overrun
        from fanmill.plugins.time_limit import time_limit
        from fanmill.shell.continuing import Continuing

        limited = Continuing(LIMIT, ("summarize", "tag")).limited
    """
    program = f"LIMIT = {limit}\n" + dedent(beginning) + dedent(program)
    return subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode


def test_the_time_limit_is_that_of_a_stage_not_of_the_message() -> None:
    assert (
        ends_with(
            """
        for _ in range(3):
            with limited():
                time.sleep(0.8)
        time.sleep(2.2)
        """,
            limit=2,
        )
        == 0
    )


@pytest.mark.parametrize(
    "hanging",
    [
        pytest.param("time.sleep(20)", id="sleep"),
        pytest.param("re.match(r'(a|aa)+$', 'a' * 60 + 'b')", id="native code with the GIL"),
        pytest.param("with time_limit(0.05)(): pass\n    time.sleep(20)", id="behind a plugin"),
    ],
)
def test_a_stage_that_exceeds_its_time_ends_its_process(hanging: str) -> None:
    assert ends_with(f"with limited():\n    {hanging}\n") == -14


def test_a_plugin_that_exceeds_its_own_time_leaves_the_stage_its_rest() -> None:
    plugin = """
        with limited():
            try:
                with time_limit(0.05)():
                    time.sleep(20)
            except Overrun:
                pass
            time.sleep({rest})
    """
    assert ends_with(plugin.format(rest=0.01), limit=5) == 0
    assert ends_with(plugin.format(rest=20)) == -14
