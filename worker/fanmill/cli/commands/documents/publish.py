"""`fanmill publish`: files onto the ledger of a running service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from time import sleep
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.console import counted, fail, guarded, json_line, remark, stderr
from fanmill.cli.exits import Exit
from fanmill.cli.options import AsText, BaseFolder, Encoding, IdKind, Json, Paths, RedisUrl
from fanmill.cli.partitions import partition_settings

if TYPE_CHECKING:
    from fanmill.cli.sources import FoundFiles, InputError
    from fanmill.settings import Settings
    from fanmill_contracts import DocumentIngested, Publisher

_CHUNK: Final = 256
_RETRY_SECONDS: Final = 5.0
"""Time during which a server that is away is waited for: a person looks on."""

_FULL_WAIT_SECONDS: Final = 0.2


@guarded
def publish(
    paths: Paths,
    redis_url: RedisUrl = None,
    source: Annotated[
        str, typer.Option(metavar="NAME", help="Source of the events: the name of the sender.")
    ] = "/fanmill/publish",
    wait: Annotated[
        bool,
        typer.Option(help="Wait while the ledger is full; otherwise end with exit code 4."),
    ] = True,
    anew: Annotated[
        bool,
        typer.Option(
            "--anew", help="Make new events; by default, the same content is the same event."
        ),
    ] = False,
    durable: Annotated[
        bool, typer.Option("--durable", help="Return only when the server has all on disk.")
    ] = False,
    base: BaseFolder = None,
    id_kind: IdKind = "path",
    as_text: AsText = None,
    encoding: Encoding = None,
    as_json: Json = False,
) -> None:
    """Publish documents to a running service.

    Exit code 1 if a named input could not be read; all others are published.

    Examples:

      fanmill publish letter.txt

      fanmill publish --durable crawl/ articles.jsonl.zst

      zcat articles.jsonl.gz | fanmill publish -
    """
    settings = _targets(redis_url)

    from fanmill.cli.encodings import known_encoding
    from fanmill.cli.reading import Reader
    from fanmill.cli.sources import find_files
    from fanmill.core.event_fields import content_id

    found = find_files(paths, base=base, id_kind=id_kind, as_text=as_text or ())
    outcome = _Outcome()
    reader = Reader(
        source,
        on_error=outcome.not_read,
        event_id=_new_id if anew else content_id,
        id_kind=id_kind,
        encoding=known_encoding(encoding),
    )
    outcome.start(found)
    try:
        _publish(settings, reader.documents(found.files), outcome, durable=durable, wait=wait)
    except KeyboardInterrupt:
        remark(f"interrupted; {outcome.summary()}; publishing the rest again is safe")
        raise typer.Exit(Exit.INTERRUPTED) from None
    _report(found, outcome, as_json=as_json)


def _targets(redis_url: str | None) -> list[Settings]:
    """Return the settings of all partitions."""
    found = partition_settings(redis_url)
    if len(found) < len(found[0].ledger_partitions) and redis_url is None:
        fail(Exit.USAGE, "the id of a document decides its partition: leave out --partition")
    return found


@contextmanager
def _traced(settings: Settings) -> Iterator[None]:
    from fanmill.setting_values import otel_wanted

    if not otel_wanted(settings.otel_enabled):
        yield
        return
    from fanmill.ops.tracing.setup import traced_publishers

    with traced_publishers(settings.namespace):
        yield


def _new_id(*_: str) -> str:
    from uuid import uuid4

    return uuid4().hex


@dataclass(slots=True)
class _Outcome:
    """The counts of a call."""

    published: int = 0
    repeated: int | None = 0
    """Events that the service had before; None if the server does not let this user look."""
    errors: list[InputError] = field(default_factory=list)

    def start(self, found: FoundFiles) -> None:
        if found.summary():
            remark(found.summary())
        for each in found.unreadable:
            self.not_read(each)

    def not_read(self, error: InputError) -> None:
        self.errors.append(error)
        remark(f"{error.place} {error.error}", "not read:")

    def summary(self) -> str:
        text = f"published {counted(self.published, 'document')}"
        if self.repeated:
            new = self.published - self.repeated
            text += f": {new:,} new, {self.repeated:,} repeated (no effect)"
        return text


def _publish(
    each: list[Settings],
    events: Iterator[DocumentIngested],
    outcome: _Outcome,
    *,
    durable: bool,
    wait: bool,
) -> None:
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    console = stderr()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with _traced(each[0]), ExitStack() as opened, bar:
        targets = [_Target(own, opened, durable=durable) for own in each]
        task = bar.add_task("publishing", total=None)
        while chunk := list(islice(events, _CHUNK)):
            for target, share in _shares(targets, chunk):
                outcome.repeated = target.repeated.count(share, outcome.repeated)
                for accepted, full in _send(target.publisher, share, outcome.published, wait=wait):
                    outcome.published += accepted
                    bar.update(
                        task,
                        description="waiting: the ledger is full" if full else "publishing",
                        completed=outcome.published,
                    )


class _Target:
    """A partition, or the only ledger, as a target of events."""

    def __init__(self, settings: Settings, opened: ExitStack, *, durable: bool) -> None:
        from fanmill_contracts import Publisher

        self.publisher: Publisher = opened.enter_context(
            Publisher(
                settings.redis_url.get_secret_value(),
                namespace=settings.namespace,
                max_backlog=settings.max_backlog,
                durable=durable,
                retry_seconds=_RETRY_SECONDS,
            )
        )
        self.repeated = _Repeated(settings)


def _shares(
    targets: list[_Target], chunk: list[DocumentIngested]
) -> Iterator[tuple[_Target, list[DocumentIngested]]]:
    """Return the events of each target that has some, in their order."""
    from fanmill_contracts import partition_of

    shares: list[list[DocumentIngested]] = [[] for _ in targets]
    for event in chunk:
        shares[partition_of(event.data.document_id, len(targets))].append(event)
    return ((target, share) for target, share in zip(targets, shares, strict=True) if share)


def _send(
    publisher: Publisher, chunk: list[DocumentIngested], before: int, *, wait: bool
) -> Iterator[tuple[int, bool]]:
    """Write a chunk; yield how many events were accepted, and whether the ledger is full."""
    from fanmill_contracts import BacklogFull, ContractError

    left = chunk
    while left:
        try:
            accepted = publisher.publish_many(left)
        except BacklogFull as full:
            if not wait:
                total = before + len(chunk) - len(left) + full.accepted
                raise BacklogFull(full.stream, full.limit, total) from None
            accepted = full.accepted
            yield accepted, True
            sleep(_FULL_WAIT_SECONDS)
        except ContractError as error:
            error.accepted += before + len(chunk) - len(left)
            raise
        else:
            yield accepted, False
        left = left[accepted:]


class _Repeated:
    """Counts events that the service has seen before, by the keys that remember them."""

    def __init__(self, settings: Settings) -> None:
        from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

        self._wiring = Wiring(settings, retry_seconds=CLI_RETRY_SECONDS)

    def count(self, chunk: list[DocumentIngested], before: int | None) -> int | None:
        """Return the sum with those of a chunk; None once the server refuses to tell."""
        from redis.exceptions import RedisError

        if before is None:
            return None
        event_key: Callable[[str, str], str] = self._wiring.keys.event
        try:
            with self._wiring.redis.pipeline(transaction=False) as pipe:
                for event in chunk:
                    pipe.exists(event_key(event.source, event.id))
                return before + sum(map(int, pipe.execute()))
        except RedisError:
            # A producer's user may write and not read. A server that is away fails the publisher.
            return None


def _report(found: FoundFiles, outcome: _Outcome, *, as_json: bool) -> None:
    if as_json:
        json_line(
            {
                "published": outcome.published,
                "repeated": outcome.repeated,
                "not_read": outcome.errors,
                "passed_over": found.passed_over,
            }
        )
    else:
        remark(outcome.summary())
    if outcome.errors:
        raise typer.Exit(Exit.FAILURE)
