"""Celery apps for tests, made from settings as `Wiring` makes them."""

from celery import Celery

from fanmill.settings import Settings
from fanmill.shell.app import build_celery
from fanmill_contracts.addresses import ServerAddress


def app_of(settings: Settings | None = None) -> Celery:
    """Return an app for the server and namespace of the settings, without tasks."""
    chosen = settings or Settings()
    return build_celery(
        ServerAddress.parse(chosen.redis_url.get_secret_value()),
        chosen.namespace,
        task_time_limit_seconds=chosen.task_time_limit_seconds,
        worker_max_batches=chosen.worker_max_batches,
    )
