"""The app for `celery -A fanmill.celery_app`, since Celery's tools load an app from a module.

`fanmill worker` is the usual way to run a worker; it builds an app of its own.
"""

import os

# As `fanmill` does: numpy reads it when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from fanmill.settings import Settings
from fanmill.worker_process import prepare

app = prepare(Settings()).celery
