"""Logging of every process: structlog, and the standard library's loggers through it.

Lines are JSON, or coloured columns on a terminal, with the same keys. Records of
Celery and other libraries get the same keys and form. Lines of fanmill itself bypass the standard
library, which takes half of the time of a line. Control characters of ids and errors
are shown as escapes in both forms.
"""

import logging
import sys
from contextlib import suppress
from io import StringIO
from json import JSONEncoder
from typing import Any, Final, Literal, TextIO

import structlog
import structlog.tracebacks
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from fanmill.core.text.escapes import escape_controls

_JSON: Final = JSONEncoder(ensure_ascii=False)
"""Encoder of lines; their values are text, numbers, lists and objects."""

LogFormat = Literal["auto", "json", "console"]

_QUIET: Final = (
    # Two lines for each message; our lines say more.
    "celery.worker.strategy",
    "celery.app.trace",
)


def configure_logs(log_format: LogFormat, log_level: str, *, role: str) -> None:
    """Set up this process to log to stderr. A second call changes nothing.

    Args:
        log_format: `json`, `console`, or `auto` for `console` on a terminal.
        log_level: Lowest severity that is logged, such as `info`.
        role: Role of this process (`intake`, `worker`, ...), written in every line.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Role(role),
        structlog.processors.StackInfoRenderer(),
    ]
    renderers = _renderers(_chosen(log_format))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Warnings of Python itself would bypass the renderer.
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*shared, *renderers],
        logger_factory=lambda name: _Lines(handler, name),
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[log_level.upper()]
        ),
        cache_logger_on_first_use=True,
    )


class _Lines:
    """Logger of fanmill's own lines, which come rendered.

    Args:
        handler: Handler of all other records; it owns the stream and its lock.
        name: Name of the logger, written in every line.
    """

    def __init__(self, handler: "logging.StreamHandler[TextIO]", name: str) -> None:
        self._handler = handler
        self.name = name

    def write(self, line: str) -> None:
        """Write a line; a closed or broken stream loses it, as with the standard library."""
        handler = self._handler
        handler.acquire()
        try:
            with suppress(OSError, ValueError):
                handler.stream.write(line + handler.terminator)
                handler.flush()
        finally:
            handler.release()

    debug = info = warning = error = critical = write


class _Role:
    """Adds the role of this process to each line."""

    def __init__(self, role: str) -> None:
        self._role = role

    def __call__(self, _: WrappedLogger, __: str, event_dict: EventDict) -> EventDict:
        event_dict["role"] = self._role
        return event_dict


def _chosen(log_format: LogFormat) -> Literal["json", "console"]:
    if log_format == "auto":
        return "console" if sys.stderr.isatty() else "json"
    return log_format


def _renderers(kind: Literal["json", "console"]) -> list[Any]:
    if kind == "console":
        return [
            _escaped_event,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=_escaped_traceback
            ),
        ]
    return [
        # Without the local variables of the frames, which hold texts and passwords.
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
        _escaped_event,
        structlog.processors.EventRenamer("message"),
        lambda _, __, event_dict: _JSON.encode(event_dict),
    ]


def _escaped_event(_: WrappedLogger, __: str, event_dict: EventDict) -> EventDict:
    return {
        # The renderer of exceptions needs this one as it is.
        key: value if key == "exc_info" else _escaped(value)
        for key, value in event_dict.items()
    }


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return escape_controls(value)
    if isinstance(value, dict):
        return {_escaped(key): _escaped(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_escaped(each) for each in value]
    if value is None or isinstance(value, int | float):
        return value
    return escape_controls(str(value))


def _escaped_traceback(stream: TextIO, exc_info: ExcInfo) -> None:
    plain = StringIO()
    structlog.dev.plain_traceback(plain, exc_info)
    stream.write(escape_controls(plain.getvalue(), keep_line_breaks=True))
