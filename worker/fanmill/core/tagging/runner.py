"""Runs taggers on a document, in order and apart from each other.

One that raises or takes too long costs its own tags: it stands among the
problems, and all else stands. How time is limited comes from outside
(`fanmill.taggers.limit`): here nobody looks at a clock.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import Tag
from fanmill.core.tagging.tagger import Tagger, TaggerError, config_hash
from fanmill_contracts import results
from fanmill_contracts.results import Problem, Producer, Tagging, TagSpan

Limit = Callable[[], AbstractContextManager[Any]]
"""Makes what a tagger runs inside; raises `Overrun` when its time is over."""

MAX_ERROR_LENGTH: Final = 500
"""Code points of a problem's text."""


class Overrun(BaseException):
    """A tagger's time is over. No `Exception`: a tagger that catches all does not catch this."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """What the taggers said, and which of them failed."""

    tagging: Tagging
    problems: tuple[Problem, ...] = ()


class Taggers:
    """A set of taggers with their configurations, in an order in which needs are met.

    Args:
        taggers: Names must differ.
        configs: Configurations by name; those left out have their defaults.
        limit: What each one runs inside.
        problems: What is wrong at the time, such as with a file; stands in every answer.

    Raises:
        TaggerError: Two have one name, a need is not there or goes in a circle,
            or a configuration does not fit its model.
    """

    def __init__(
        self,
        taggers: Iterable[Tagger],
        configs: Mapping[str, BaseModel | Mapping[str, Any]] | None = None,
        limit: Limit = nullcontext,
        problems: Callable[[], Sequence[Problem]] = tuple,
    ) -> None:
        self.ordered = in_order(taggers)
        self._configs = {each.name: _config(each, configs or {}) for each in self.ordered}
        unknown = set(configs or {}) - set(self._configs)
        if unknown:
            raise TaggerError(
                f"configuration for unknown tagger {min(unknown)!r}; known: "
                f"{', '.join(sorted(self._configs))}"
            )
        self._hashes = {name: config_hash(cfg) for name, cfg in self._configs.items()}
        self._limit = limit
        self._problems = problems
        self._producers: dict[tuple[str, str | None], Producer] = {}

    def config(self, name: str) -> BaseModel:
        """Return the configuration of one tagger."""
        return self._configs[name]

    def tag(self, doc: DocumentView) -> Tagged:
        """Return all tags of a document, by namespace and then by falling score."""
        problems = list(self._problems())
        failed: set[str] = set()
        said: list[results.Tag] = []
        language = doc.language
        for each in self.ordered:
            if not each.speaks(language.code):
                continue
            missing = next((need for need in each.needs if need in failed), None)
            if missing is not None:
                failed.add(each.name)
                problems.append(_problem(each, f"needs {missing!r}, which failed"))
                continue
            cfg = self._configs[each.name]
            try:
                with self._limit():
                    found = each(doc, cfg)
                producer = self._producer(each, cfg)
            except Overrun as overrun:
                failed.add(each.name)
                problems.append(_problem(each, str(overrun)))
            except Exception as error:  # noqa: BLE001  whatever it is, it costs this one alone
                failed.add(each.name)
                problems.append(_problem(each, f"{type(error).__name__}: {error}"))
            else:
                doc.add_tags(each.name, found)
                said += [_recorded(tag, producer) for tag in found]
        said.sort(key=lambda tag: (tag.namespace, -tag.score))
        views = doc.languages
        return Tagged(
            Tagging(
                language=language.code,
                language_confidence=language.confidence,
                languages=views.shares,
                script=views.script,
                declared_language=views.declared,
                tags=tuple(said),
            ),
            tuple(problems),
        )

    def _producer(self, each: Tagger, cfg: BaseModel) -> Producer:
        model = each.model_hash(cfg)
        key = (each.name, model)
        if key not in self._producers:
            self._producers[key] = Producer(
                name=each.name,
                version=each.version,
                library=each.library(),
                config_hash=self._hashes[each.name],
                model_hash=model,
            )
        return self._producers[key]


def in_order(taggers: Iterable[Tagger]) -> tuple[Tagger, ...]:
    """Return taggers so that each stands behind those it needs, else as they came.

    Raises:
        TaggerError: Two have one name, or a need is not there or goes in a circle.
    """
    by_name: dict[str, Tagger] = {}
    for each in taggers:
        if each.name in by_name:
            raise TaggerError(f"two taggers are named {each.name!r}; give one another name")
        by_name[each.name] = each
    ordered: dict[str, Tagger] = {}
    waiting = dict(by_name)
    while waiting:
        ready = next(
            (each for each in waiting.values() if all(need in ordered for need in each.needs)),
            None,
        )
        if ready is None:
            name, stuck = next(iter(waiting.items()))
            lacking = next((need for need in stuck.needs if need not in by_name), None)
            if lacking is not None:
                raise TaggerError(
                    f"tagger {name!r} needs {lacking!r}; known: {', '.join(sorted(by_name))}"
                )
            raise TaggerError(f"taggers need each other in a circle: {', '.join(waiting)}")
        ordered[ready.name] = waiting.pop(ready.name)
    return tuple(ordered.values())


def _config(each: Tagger, configs: Mapping[str, BaseModel | Mapping[str, Any]]) -> BaseModel:
    given = configs.get(each.name, {})
    if isinstance(given, BaseModel):
        return given
    try:
        return each.config.model_validate(given)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in detail["loc"])
        raise TaggerError(
            f"configuration of tagger {each.name!r}: {place}: {detail['msg']}"
        ) from error


def _recorded(tag: Tag, producer: Producer) -> results.Tag:
    return results.Tag(
        namespace=tag.namespace,
        value=tag.value,
        score=tag.score,
        score_kind=tag.score_kind,
        spans=tuple([TagSpan(start=start, end=end) for start, end in tag.spans]),
        reason=tag.reason,
        concept=tag.concept,
        producer=producer,
    )


def _problem(each: Tagger, error: str) -> Problem:
    return Problem(stage="tag", producer=each.name, error=error[:MAX_ERROR_LENGTH])
