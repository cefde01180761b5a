"""Runner of taggers: each runs after those it needs, and fails alone.

A tagger that raises or exceeds its time limit loses its own tags: the record lists a problem, and
all other tags remain.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pydantic import BaseModel, ValidationError

from fanmill.core.plugin import Limit, PluginError, no_limit, problem_of, run_plugin
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import Tag
from fanmill.core.tagging.tagger import Tagger, config_hash
from fanmill_contracts.results import Problem
from fanmill_contracts.tagging import Producer, Tagging


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tags of a document, and the problems of the taggers that failed."""

    tagging: Tagging
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Run:
    """A run of taggers on a document.

    Attributes:
        doc: The document.
        problems: Problems of taggers that failed.
        failed: Names of these taggers.
        said: The tags so far, with their producers.
    """

    doc: DocumentView
    problems: list[Problem]
    failed: set[str] = field(default_factory=set)
    said: list[tuple[Producer, Tag]] = field(default_factory=list)


class Taggers:
    """Taggers with their configurations, in the order in which they run.

    Args:
        taggers: Taggers; their names must differ.
        configs: Configurations by name; a tagger without one has its defaults.
        limit: Time limits of this process.
        problems: Returns the current problems, such as of a file; they are added to each result.

    Raises:
        PluginError: Two taggers have the same name, a needed tagger is missing, taggers need each
            other in a circle, or a configuration does not fit its model.
    """

    def __init__(
        self,
        taggers: Iterable[Tagger],
        configs: Mapping[str, BaseModel | Mapping[str, Any]] | None = None,
        limit: Limit = no_limit,
        problems: Callable[[], Sequence[Problem]] = tuple,
    ) -> None:
        self.ordered = in_order(taggers)
        self._configs = {each.name: _config(each, configs or {}) for each in self.ordered}
        unknown = set(configs or {}) - set(self._configs)
        if unknown:
            raise PluginError(
                f"configuration for unknown tagger {min(unknown)!r}; known: "
                f"{', '.join(sorted(self._configs))}"
            )
        self._hashes = {each.name: _hash(each, self._configs[each.name]) for each in self.ordered}
        self._limit = limit
        self._problems = problems
        self._producers: dict[tuple[str, str | None], Producer] = {}

    def config(self, name: str) -> BaseModel:
        """Return the configuration of one tagger."""
        return self._configs[name]

    def tag(self, doc: DocumentView) -> Tagged:
        """Return all tags of a document and the problems of taggers that failed."""
        run = self.run(doc)
        for each in self.ordered:
            self.apply(each, run)
        return self.tagged(run)

    def run(self, doc: DocumentView) -> Run:
        """Return the run of these taggers on a document, before the first tagger."""
        return Run(doc, list(self._problems()))

    def apply(self, each: Tagger, run: Run) -> None:
        """Add the tags of a tagger to a run if it speaks the language, or the problem."""
        if not each.speaks(run.doc.language.code):
            return
        found = self._tags_of(each, run.doc, run.failed)
        if isinstance(found, Problem):
            run.failed.add(each.name)
            run.problems.append(found)
        else:
            run.said += found

    def tagged(self, run: Run) -> Tagged:
        """Return the tags and the problems of a run."""
        doc = run.doc
        language = doc.language
        tags, producers = _recorded(run.said)
        views = doc.languages
        return Tagged(
            Tagging(
                language=language.code,
                language_confidence=language.confidence,
                languages=views.shares if len(views.shares) > 1 else (),
                script=views.script,
                declared_language=views.declared,
                tags=tags,
                producers=producers,
            ),
            tuple(run.problems),
        )

    def _tags_of(
        self, each: Tagger, doc: DocumentView, failed: set[str]
    ) -> list[tuple[Producer, Tag]] | Problem:
        """Return tags with their producer, or the problem if the tagger or one it needs failed."""
        missing = next((need for need in each.needs if need in failed), None)
        if missing is not None:
            return problem_of("tag", each.name, f"needs {missing!r}, which failed")
        cfg = self._configs[each.name]
        found = run_plugin(
            "tag",
            each.name,
            lambda: (each(doc, cfg), self._producer(each, cfg)),
            self._limit,
            each.time_limit_seconds,
        )
        if isinstance(found, Problem):
            return found
        tags, producer = found
        doc.add_tags(each.name, tags)
        return [(producer, tag) for tag in tags]

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
    """Return taggers so that each follows those it needs, otherwise in the given order.

    Raises:
        PluginError: Two taggers have the same name, a needed tagger is missing, or taggers need
            each other in a circle.
    """
    by_name: dict[str, Tagger] = {}
    for each in taggers:
        if each.name in by_name:
            raise PluginError(f"two taggers are named {each.name!r}; give one another name")
        by_name[each.name] = each
    for name, each in by_name.items():
        missing = next((need for need in each.needs if need not in by_name), None)
        if missing is not None:
            raise PluginError(
                f"tagger {name!r} needs {missing!r}; known: {', '.join(sorted(by_name))}"
            )
    sorter = TopologicalSorter({name: each.needs for name, each in by_name.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        raise PluginError(
            f"taggers need each other in a circle: {', '.join(error.args[1])}"
        ) from None
    places = {name: place for place, name in enumerate(by_name)}
    ordered: list[Tagger] = []
    ready = set(sorter.get_ready())
    while ready:
        name = min(ready, key=places.__getitem__)
        ready.remove(name)
        ordered.append(by_name[name])
        sorter.done(name)
        ready.update(sorter.get_ready())
    return tuple(ordered)


def _config(each: Tagger, configs: Mapping[str, BaseModel | Mapping[str, Any]]) -> BaseModel:
    given = configs.get(each.name, {})
    if isinstance(given, BaseModel):
        return given
    try:
        return each.config.model_validate(given)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in detail["loc"])
        raise PluginError(
            f"configuration of tagger {each.name!r}: {place}: {detail['msg']}"
        ) from error


def _recorded(
    said: Sequence[tuple[Producer, Tag]],
) -> tuple[dict[str, Any], tuple[Producer, ...]]:
    """Return tags by namespace and falling score, and their producers, the busiest first.

    Most tags then refer to producer 0, which JSON leaves out. Tags are members of a model: Pydantic
    makes all of them at once in two thirds of the time.
    """
    # By name, which each producer of a run has alone: a model takes long to hash.
    producers = {producer.name: producer for producer, _ in said}
    counts = Counter([producer.name for producer, _ in said])
    index = {name: at for at, (name, _) in enumerate(counts.most_common())}
    by_namespace: dict[str, Any] = {}
    for producer, tag in sorted(said, key=lambda each: (each[1].namespace, -each[1].score)):
        by_namespace.setdefault(tag.namespace, []).append(
            {
                "value": tag.value,
                "score": tag.score,
                "score_kind": tag.score_kind,
                "producer": index[producer.name],
                "spans": tag.spans,
                "reason": tag.reason,
                "concept": tag.concept,
            }
        )
    return by_namespace, tuple(map(producers.__getitem__, index))


def _hash(each: Tagger, cfg: BaseModel) -> str | None:
    """Return the digest of a configuration, None for the default one."""
    try:
        default = each.config()
    except ValidationError:
        default = None
    return None if cfg == default else config_hash(cfg)
