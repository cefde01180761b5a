"""Logging for every process: structlog, and the standard library's loggers through it.

JSON lines when nobody watches, coloured columns on a terminal, the same keys in
both. Celery's own records and those of any library take the same way.
"""

import logging
import sys
from typing import Any, Final, Literal

import structlog
import structlog.tracebacks
from structlog.typing import EventDict, Processor, WrappedLogger

from fanmill.settings import Settings

_QUIET: Final = (
    # A line per message each way; ours say more.
    "celery.worker.strategy",
    "celery.app.trace",
)


def configure_logs(settings: Settings, *, role: str) -> None:
    """Set up this process to log to stderr as the settings say. Calling again changes nothing.

    Args:
        settings: Format and least severity.
        role: What this process is (`intake`, `worker`, ...); stands in every line.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Role(role),
        structlog.processors.StackInfoRenderer(),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderers(_chosen(settings.log_format)),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Python's own warnings would go round the renderer.
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.log_level.upper()]
        ),
        cache_logger_on_first_use=True,
    )


class _Role:
    """Adds the role of this process to each line."""

    def __init__(self, role: str) -> None:
        self._role = role

    def __call__(self, _: WrappedLogger, __: str, event_dict: EventDict) -> EventDict:
        event_dict["role"] = self._role
        return event_dict


def _chosen(log_format: Literal["auto", "json", "console"]) -> Literal["json", "console"]:
    if log_format == "auto":
        return "console" if sys.stderr.isatty() else "json"
    return log_format


def _renderers(kind: Literal["json", "console"]) -> list[Any]:
    if kind == "console":
        return [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    return [
        # Without the local variables of the frames: they hold texts and passwords.
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
