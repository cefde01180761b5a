"""The tagger `topic` with a trained model, in place of the term lists."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from fanmill.core.plugin import PluginError
from fanmill.core.taggers.topic_model import InvalidModel, load
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.tag import Tag
from fanmill.core.tagging.tagger import Tagger, tagger

MIN_PROBABILITY: Final = 0.5


def topic_model_tagger(path: Path) -> Tagger:
    """Return the tagger `topic` with the model of a file.

    Raises:
        PluginError: The file cannot be read, or is no valid model.
    """
    try:
        model = load(path.read_bytes())
    except OSError as error:
        raise PluginError(f"{path}: {error.strerror} (FANMILL_TOPIC_MODEL_FILE)") from error
    except InvalidModel as error:
        raise PluginError(f"{path} {error} (FANMILL_TOPIC_MODEL_FILE)") from error
    return _tagger(model.predict, model.version[:12])


def _tagger(predict: Callable[[DocumentView], Any], version: str) -> Tagger:
    @tagger("topic", "model-1", cost="medium", library=_numpy, model_hash=lambda _: version)
    def topic(doc: DocumentView) -> Iterator[Tag]:
        for label, probability in predict(doc)[:1]:
            if probability >= MIN_PROBABILITY:
                yield Tag("topic", label, min(1.0, round(probability, 4)), "probability")

    return topic


def _numpy() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return f"numpy {version('numpy')}"
