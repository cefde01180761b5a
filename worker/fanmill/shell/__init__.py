"""The only folder that imports Celery: the app, its tasks, sending to its queues."""
