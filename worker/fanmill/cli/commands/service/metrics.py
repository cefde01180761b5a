"""`fanmill metrics`: the exporter for Prometheus."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from fanmill.cli.console import fail, guarded, load_settings
from fanmill.cli.exits import Exit
from fanmill.cli.options import RedisUrl

DEFAULT_PORT: Final = 9620


@guarded
def metrics(
    redis_url: RedisUrl = None,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen on; 0.0.0.0 for all.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65_535, metavar="PORT", help="Port; 0 for any free one.")
    ] = DEFAULT_PORT,
) -> None:
    """Serve /metrics for Prometheus, and /healthz and /readyz.

    The command only reads; any number of these processes may run. Without Redis it serves
    fanmill_up 0. deploy/metrics.md lists all metrics. On SIGTERM or Ctrl-C it ends.

    Examples:

      fanmill metrics

      fanmill metrics --host 0.0.0.0 --port 9620

      curl http://127.0.0.1:9620/metrics
    """
    settings = load_settings(redis_url)

    import structlog

    from fanmill.cli.commands.service.stopping import stopping
    from fanmill.metrics_process import serve_metrics
    from fanmill.ops.logs import configure_logs

    configure_logs(settings.log_format, settings.log_level, role="metrics")
    log = structlog.get_logger("fanmill.metrics")
    with stopping() as stop:
        try:
            serve_metrics(
                settings, host, port, stop, lambda url: log.info("metrics served", url=url)
            )
        except OSError as error:
            fail(
                Exit.USAGE,
                f"cannot listen on {host!r}, port {port}: {error.strerror or error} "
                "(--host, --port)",
            )
