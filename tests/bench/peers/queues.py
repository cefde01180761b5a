"""Task queues around the obvious service: celery, dramatiq and rq, a task per document.

python queues.py work celery 2        runs a worker with two processes
python queues.py send celery < events  sends an event per line
"""

import subprocess
import sys
from os import environ
from pathlib import Path
from time import time

from celery import Celery
from obvious import process, redis
from rq import Queue, SimpleWorker

HERE = Path(__file__).parent


def celery_app() -> Celery:
    """Return a Celery app with Celery's own defaults, and without results."""
    app = Celery("peers", broker=environ["FANMILL_REDIS_URL"])
    app.conf.task_ignore_result = True
    app.task(process, name="peers.process")
    return app


def work(queue: str, processes: int) -> None:
    """Run a worker until a signal ends it."""
    if queue == "celery":
        celery_app().Worker(concurrency=processes, pool="prefork", loglevel="WARNING").start()
    elif queue == "dramatiq":
        command = ["-m", "dramatiq", "dramatiq_actor", "--processes", str(processes)]
        subprocess.run([sys.executable, *command, "--threads", "1"], check=False, cwd=HERE)
    elif processes > 1:
        # No fork per job, which costs more.
        arguments = [sys.executable, __file__, "work", "rq", "1"]
        workers = [subprocess.Popen(arguments) for _ in range(processes)]
        for each in workers:
            each.wait()
    else:
        SimpleWorker(["peers"], connection=redis()).work(logging_level="WARNING")


def send(queue: str, events: list[str]) -> None:
    """Send each event as a task; the server keeps the time of the first."""
    redis().set("started", time())
    if queue == "celery":
        task = celery_app().tasks["peers.process"]
        for event in events:
            task.delay(event)
    elif queue == "dramatiq":
        from dramatiq_actor import process_event

        for event in events:
            process_event.send(event)
    else:
        jobs = Queue("peers", connection=redis())
        many = [Queue.prepare_data(process, (event,), result_ttl=0) for event in events]
        jobs.enqueue_many(many)


if __name__ == "__main__":
    if sys.argv[1] == "work":
        work(sys.argv[2], int(sys.argv[3]))
    else:
        send(sys.argv[2], sys.stdin.read().splitlines())
