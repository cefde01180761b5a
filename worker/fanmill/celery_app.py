"""The one global, for `celery -A fanmill.celery_app`: Celery's tools want a module with an app.

`fanmill worker` is the usual way to run a worker; it makes its own.
"""

from fanmill.settings import Settings
from fanmill.worker_process import prepare

app = prepare(Settings()).celery
