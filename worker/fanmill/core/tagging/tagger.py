"""Taggers: functions `(doc, cfg) -> Iterable[Tag]` under the decorator `tagger`.

`fanmill.core.tagging.runner` runs them; `fanmill.plugins` discovers those of other packages.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict

from fanmill.core.plugin import PluginError, check_declaration
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import Tag, fault_of

Cost = Literal["low", "medium", "high"]
"""Time of a tagger for 7 KB of text: `low` below 0.2 ms, `medium` below 2 ms, `high` above."""

ANY_LANGUAGE: Final = ("*",)


class NoConfig(BaseModel):
    """Configuration of a tagger without settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Function = Callable[[DocumentView, Any], Iterable[Tag]]
Written = Callable[..., Iterable[Tag]]
Hash = Callable[[Any], str | None]


@dataclass(frozen=True)
class Tagger:
    """A tagging function with its declaration; made by the decorator `tagger`."""

    name: str
    version: str
    function: Function
    languages: tuple[str, ...] = ANY_LANGUAGE
    needs: tuple[str, ...] = ()
    cost: Cost = "low"
    config: type[BaseModel] = NoConfig
    library: Callable[[], str | None] = field(default=lambda: None)
    model_hash: Hash = field(default=lambda _: None)
    time_limit_seconds: float | None = None

    def __call__(self, doc: DocumentView, cfg: BaseModel | None = None) -> tuple[Tag, ...]:
        """Return the tags of a document.

        Args:
            doc: The document.
            cfg: Configuration; by default the defaults of its model.

        Raises:
            PluginError: A tag is invalid.
            Exception: Any error of the function.
        """
        found = tuple(self.function(doc, self.config() if cfg is None else cfg))
        size = len(doc.text)
        for tag in found:
            fault = fault_of(tag, size)
            if fault:
                raise PluginError(f"tagger {self.name!r} gave {fault}")
        return found

    def speaks(self, language: str) -> bool:
        """Tell whether the tagger supports a language, given as ISO 639-1 code."""
        return language in self.languages or "*" in self.languages


def tagger(
    name: str,
    version: str,
    languages: Sequence[str] = ANY_LANGUAGE,
    needs: Sequence[str] = (),
    cost: Cost = "low",
    *,
    library: Callable[[], str | None] | None = None,
    model_hash: Hash | None = None,
    time_limit_seconds: float | None = None,
) -> Callable[[Written], Tagger]:
    """Return a decorator that makes a tagger of a function `(doc, cfg) -> Iterable[Tag]`.

    The parameter `cfg` is annotated with a Pydantic model whose fields all have defaults; a
    function with `doc` alone has no configuration.

    Args:
        name: Lower-case name, unique among all taggers.
        version: Version of the tags' meaning; a change of the tags needs a new version.
        languages: ISO 639-1 codes of the supported languages; `*` for all.
        needs: Names of taggers that must run before; see `DocumentView.tags_of`.
        cost: Time for 7 KB of text: `low` < 0.2 ms, `medium` < 2 ms, `high`.
        library: Returns the distribution and version that the tagger uses.
        model_hash: Returns a name of the data that the tagger uses with a configuration.
        time_limit_seconds: Time limit for a document. The general limit,
            `FANMILL_TAGGER_TIME_LIMIT_SECONDS`, applies if it is None or longer.

    Raises:
        PluginError: Name, version or signature is invalid.
    """
    check_declaration("tagger", name, version)

    def made(function: Written) -> Tagger:
        config, called = _with_config(name, function)
        return Tagger(
            name=name,
            version=version,
            function=called,
            languages=tuple(languages),
            needs=tuple(needs),
            cost=cost,
            config=config,
            library=library or (lambda: None),
            model_hash=model_hash or (lambda _: None),
            time_limit_seconds=time_limit_seconds,
        )

    return made


def config_hash(cfg: BaseModel) -> str:
    """Return 12 hexadecimal digits that identify a configuration."""
    return sha256(cfg.model_dump_json().encode()).hexdigest()[:12]


def _with_config(name: str, function: Written) -> tuple[type[BaseModel], Function]:
    parameters = list(inspect.signature(function).parameters.values())
    if len(parameters) == 1:
        return NoConfig, lambda doc, _: function(doc)
    if len(parameters) != 2:  # noqa: PLR2004  doc and cfg
        raise PluginError(f"tagger {name!r} takes {len(parameters)} arguments; expected doc, cfg")
    config = get_type_hints(function).get(parameters[1].name)
    if not (isinstance(config, type) and issubclass(config, BaseModel)):
        raise PluginError(
            f"tagger {name!r} has an argument {parameters[1].name!r} without a Pydantic model "
            "as its annotation"
        )
    return config, function
