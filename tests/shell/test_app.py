"""The Celery app: names on the wire, options that promises rest on."""

import pytest

from builders import Mill, ingested
from celery_apps import app_of
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.shell.continuing import Continuing
from fanmill.shell.queues import TASKS, queue_name
from fanmill.shell.tasks import register


def test_task_names_are_fixed() -> None:
    assert TASKS == {
        "deduplicate": "fanmill.deduplicate",
        "summarize": "fanmill.summarize",
        "tag": "fanmill.tag",
    }


def test_an_app_has_exactly_the_tasks_of_the_stages() -> None:
    app = app_of()
    register(app, lambda: Mill().services, Continuing(30))
    # Others are Celery's own, and those of pytest-celery where it is installed.
    ours = {name for name in app.tasks if name.startswith("fanmill")}
    assert ours == {"fanmill.deduplicate", "fanmill.summarize", "fanmill.tag"}


def test_each_stage_has_a_queue_of_its_namespace_and_an_exchange_of_its_own() -> None:
    app = app_of(Settings(namespace="eu"))
    assert {queue.name for queue in app.conf.task_queues} == {
        "eu.deduplicate",
        "eu.summarize",
        "eu.tag",
    }
    for queue in app.conf.task_queues:
        assert queue.exchange.name == queue.routing_key == queue.name
    for stage in STAGES:
        route = app.amqp.router.route({}, TASKS[stage])
        assert route["queue"].name == queue_name("eu", stage)


def test_options_that_promises_rest_on() -> None:
    conf = app_of(Settings(task_time_limit_seconds=7, worker_max_batches=50)).conf
    # The ledger redelivers: Celery must neither keep, nor repeat, nor store anything itself.
    assert conf.task_acks_late is False
    assert conf.task_ignore_result is True
    assert conf.task_store_errors_even_if_ignored is False
    assert conf.result_backend is None
    transport = conf.broker_transport_options
    assert not transport["ack_emulation"] or transport["visibility_timeout"] > 3600
    # A document that hangs is ended.
    assert conf.task_time_limit == 7
    assert conf.task_soft_time_limit is None
    # No code in messages.
    assert conf.accept_content == ["json"]
    assert conf.task_serializer == "json"
    # A server that restarts is waited for.
    assert conf.broker_connection_retry_on_startup is True
    assert conf.broker_connection_max_retries is None
    # Logs are ours.
    assert conf.worker_hijack_root_logger is False
    assert conf.worker_redirect_stdouts is False
    # A typo in a queue's name must not make a queue nobody reads.
    assert conf.task_create_missing_queues is False
    assert conf.worker_prefetch_multiplier == 1
    assert conf.worker_max_tasks_per_child == 50
    assert conf.task_always_eager is False
    assert conf.timezone in (None, "UTC")


def test_workers_are_not_replaced_unless_the_settings_say_so() -> None:
    assert app_of(Settings(worker_max_batches=None)).conf.worker_max_tasks_per_child is None


def test_building_an_app_does_not_make_it_the_current_one() -> None:
    from celery import current_app

    app = app_of()
    assert current_app._get_current_object() is not app


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("rediss://user:hunter2@host:1/2?ssl_cert_reqs=required", "rediss://host:1/2"),
        ("unix://:hunter2@/run/valkey.sock?db=3", "unix:///run/valkey.sock?db=3"),
    ],
)
def test_celery_is_not_told_the_password(url: str, shown: str) -> None:
    app = app_of(Settings(redis_url=url))
    assert app.conf.broker_url == shown
    assert app.connection_for_read().transport.driver_type == "redis"
    for text in (app.bugreport(), repr(app.conf), app.connection_for_write().as_uri()):
        assert "hunter2" not in text


def test_nothing_is_shared_with_other_programs_and_namespaces() -> None:
    shared = ("control_exchange", "event_exchange", "event_queue_prefix")
    confs = [app_of(Settings(namespace=name)).conf for name in ("eu", "us")]
    for conf, namespace in zip(confs, ("eu", "us"), strict=True):
        assert conf.worker_enable_remote_control is False
        assert all(conf[name].startswith(f"{namespace}.") for name in shared)


def test_the_tasks_of_one_app_are_not_those_of_another() -> None:
    mills, apps = [Mill(), Mill()], [app_of(), app_of()]
    for mill, app in zip(mills, apps, strict=True):
        register(app, lambda mill=mill: mill.services, Continuing(30))
        mill.publish(ingested())
        mill.poll()
    batch = mills[1].dispatcher.receive("deduplicate")
    assert batch is not None
    apps[1].tasks["fanmill.deduplicate"](batch.id, list(batch.entries), batch.delivery)
    assert [mill.dispatcher.waiting("tag") for mill in mills] == [0, 1]


def test_a_task_works_its_batch() -> None:
    mill = Mill()
    app = app_of()
    register(app, lambda: mill.services, Continuing(30))
    mill.publish(ingested("a", "Equal."), ingested("b", "Equal."), ingested("c", "refused by tag"))
    while mill.poll() or any(mill.dispatcher.queues.values()):
        for stage in STAGES:
            while (batch := mill.dispatcher.receive(stage)) is not None:
                app.tasks[TASKS[stage]](batch.id, list(batch.entries), batch.delivery)
    assert {event.subject for event in mill.stores.processed()} == {"a", "b"}
    (rejected,) = mill.stores.rejections.entries()
    assert rejected.event.data.document_id == "c"
    assert mill.stores.waiting() == []
