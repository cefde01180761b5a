"""The Celery side: app, tasks, transport and worker. No other package imports Celery."""
