"""A producer that publishes without a pause, and knows what the servers accepted."""

from collections.abc import Iterator
from itertools import count
from json import dumps
from random import Random
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any, Final

from redis import Redis

from fanmill_contracts import DocumentIngested, PartitionedPublisher, ServerError
from fanmill_contracts.streams import EVENT_FIELD

SOURCE: Final = "/rehearsal"
ACCEPTANCE_SECONDS: Final = 120
"""Time for a server that was killed to be back."""
_WORDS: Final = (  # noqa: SIM905  a list would take thirty lines
    "harbour bridge lantern copper meadow winter ferry signal orchard timber canal market tower "
    "valley engine railway weaver potter glacier island"
).split()
_LATER_VERSION: Final = {
    "specversion": "1.0",
    "source": SOURCE,
    "type": "fanmill.document.ingested.v2",
}


def text_of(number: int) -> str:
    """Return a text of 60 words, unlike the text of any other number."""
    words = Random(number).choices(_WORDS, k=60)
    return " ".join(f"{word}{number * 60 + at}" for at, word in enumerate(words))


def event_of(number: int) -> DocumentIngested:
    """Return the event of a number; every tenth repeats the text before it."""
    text = text_of(number - 1 if number % 10 == 9 else number)
    return DocumentIngested.create(f"doc-{number}", text, source=SOURCE, event_id=f"event-{number}")


class Producer:
    """A thread that publishes documents, and repeats each until it is accepted.

    Args:
        addresses: Value of `FANMILL_PARTITIONS`.
        numbers: Numbers of the documents; a second producer goes on with them.
        rate: Documents per second.
    """

    def __init__(self, addresses: str, numbers: Iterator[int], rate: float) -> None:
        self.accepted: dict[str, DocumentIngested] = {}
        self.failures = 0
        self._addresses, self._numbers, self._rate = addresses, numbers, rate
        self._stop = Event()
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, name="producer")
        self._thread.start()

    def _run(self) -> None:
        try:
            self._publish()
        except BaseException as error:  # noqa: BLE001  `stop` raises it in the main thread
            self._error = error

    def _publish(self) -> None:
        started = monotonic()
        with PartitionedPublisher(self._addresses) as publisher:
            for sent in count(1):
                if self._stop.wait(max(0.0, started + sent / self._rate - monotonic())):
                    return
                event = event_of(next(self._numbers))
                deadline = monotonic() + ACCEPTANCE_SECONDS
                while not self._accepted(publisher, event):
                    # The same event again has no second effect, so no answer is needed.
                    sleep(0.1)
                    if monotonic() > deadline:
                        raise TimeoutError(f"{event.id}: not accepted in {ACCEPTANCE_SECONDS} s")

    def _accepted(self, publisher: PartitionedPublisher, event: DocumentIngested) -> bool:
        try:
            publisher.publish(event)
        except ServerError:
            self.failures += 1
            return False
        self.accepted[event.id] = event
        return True

    def stop(self) -> None:
        """Stop after the event in hand is accepted; raise what ended the thread."""
        self._stop.set()
        self._thread.join()
        if self._error is not None:
            raise self._error


def publish_later_version(redis: Redis, stream: str, number: int) -> str:
    """Write an event that no intake of today takes; return the id of its entry."""
    event = {**_LATER_VERSION, "id": f"later-{number}", "data": {"document_id": f"later-{number}"}}
    answer: Any = redis.xadd(stream, {EVENT_FIELD: dumps(event)})
    return str(answer.decode())
