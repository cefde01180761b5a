"""The app for `celery -A fanmill.celery_app`, since Celery's tools load an app from a module.

`fanmill worker` is the usual way to run a worker; it builds an app of its own.
"""

from fanmill.settings import Settings
from fanmill.worker_process import prepare

app = prepare(Settings()).celery
