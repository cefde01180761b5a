"""Puts an intake together: wiring, heartbeat, the checks before its loop."""

from threading import Event, Thread

import structlog
from redis.exceptions import RedisError

from fanmill.actions.executor import ActionExecutor
from fanmill.ops.group_repair import GroupRepair
from fanmill.ops.process_registry import process_name
from fanmill.ports import Action
from fanmill.settings import Settings
from fanmill.stores.redis.connection import check_access, is_refusal, refused
from fanmill.stores.redis.erasing import RedisErasing
from fanmill.wiring import Wiring, server_failures

log = structlog.get_logger("fanmill.intake")


def _log_end(action: Action) -> None:
    log.info(
        "action done",
        action_id=action.id,
        kind=action.order.kind,
        actor=action.order.actor,
        outcomes=dict(action.outcomes),
    )


def _log_failure(error: Exception) -> None:
    # The text of another error may hold the text of a document.
    known = isinstance(error, server_failures())
    reason = str(error) if known else type(error).__name__
    log.warning("action failed, trying again", error=reason)


def run_intake(settings: Settings, stop: Event) -> None:
    """Run an intake until `stop` is set.

    Raises:
        ServerRefused: The server refuses the URL's user or protocol.
    """
    url = settings.redis_url.get_secret_value()
    check_access(url)
    wiring = Wiring(settings)
    heartbeat = wiring.heartbeat("intake")

    def beat() -> None:
        try:
            heartbeat.beat()
        except RedisError as error:
            # Its client tries once only; the loop itself waits for the server.
            log.warning("heartbeat not written", error=str(error))

    executor = ActionExecutor(
        process_name("intake"),
        wiring.actions,
        wiring.rejections,
        server_failures(),
        erasing=RedisErasing(wiring.redis, wiring.keys, wiring.index),
        on_end=_log_end,
        on_failure=_log_failure,
    )
    # In a thread of its own: an action must go on while the loop waits for events or room.
    actions = Thread(target=executor.run, args=(stop,), name="actions", daemon=True)
    actions.start()
    # Neither may a recount of many rejections hold up the loop.
    repair = GroupRepair(wiring.redis, wiring.keys)
    Thread(target=repair.run, args=(stop,), name="group-repair", daemon=True).start()
    tracing = wiring.tracing("intake")
    try:
        wiring.intake(process_name("intake"), tracing).run(stop, beat)
    except RedisError as error:
        if is_refusal(error):
            raise refused(error) from error
        raise
    finally:
        tracing.close()
    try:
        heartbeat.stop()
    except RedisError as error:
        log.warning("heartbeat not removed", error=str(error))
