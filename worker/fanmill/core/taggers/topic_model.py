"""Topic models, learnt from an operator's labels: hashed n-grams and complement naive Bayes.

A model is a file without code: a versioned head in JSON, with the hash of the numbers behind it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from math import log
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from fanmill.core.tagging.document_view import DocumentView

MAGIC: Final = b"fanmill topics 1\n"
"""First line of a model file; its number changes with the layout."""

BUCKETS: Final = 1 << 18
"""Number of hashed features; they take 0.5 MB of the file for each label."""
_MAX_WORDS: Final = 1_000
_MAX_CHARACTERS: Final = 3_000
_SMOOTHING: Final = 0.1
_MAX_LABELS: Final = 1_000
_MAX_HEAD_LENGTH: Final = 1 << 20
_TEMPERATURES: Final = tuple(2.0**power for power in range(-3, 10))

Floats = NDArray[np.float32]
Features = tuple[NDArray[np.int64], Floats]
"""Distinct buckets of a text, and their weights without inverse document frequencies."""


class InvalidModel(Exception):
    """A model file or its training data is invalid; the message says why."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by label and bucket, and the report of the training."""

    labels: tuple[str, ...]
    weights: NDArray[np.float16]
    rarity: Floats
    temperature: float
    report: dict[str, Any]
    version: str

    def predict(self, doc: DocumentView) -> list[tuple[str, float]]:
        """Return all labels by falling probability; none for a text without features."""
        features = features_of(doc)
        if not len(features[0]):
            return []
        scores = _scores(features, self.weights, self.rarity)
        chances = _chances(scores[None, :], self.temperature)[0]
        order = sorted(range(len(self.labels)), key=lambda each: -chances[each])
        return [(self.labels[each], float(chances[each])) for each in order]


def features_of(doc: DocumentView) -> Features:
    """Return the features of a document: words and pairs of words.

    In languages without spaces, they are pairs of characters.
    """
    texts = [doc.document.title or "", doc.text]
    if doc.language.code in {"zh", "ja", "th", "lo", "km", "my"}:
        text = "\n".join(texts)[:_MAX_CHARACTERS]
        grams = Counter([text[at : at + 2] for at in range(len(text) - 1)])
        grams.update(text)
    else:
        words = [*texts[0].casefold().split(), *doc.normal_words][:_MAX_WORDS]
        grams = Counter(words)
        grams.update(map(" ".join, pairwise(words)))
    counts: dict[int, float] = {}
    for gram, count in grams.items():
        bucket = crc32(gram.encode("utf-8", "replace")) % BUCKETS
        counts[bucket] = counts.get(bucket, 0.0) + 1.0 + log(count)
    return (
        np.fromiter(counts, np.int64, len(counts)),
        np.fromiter(counts.values(), np.float32, len(counts)),
    )


def train(examples: Sequence[tuple[DocumentView, str]], folds: int = 5) -> Model:
    """Return a model of labelled documents, with a report from cross-validation.

    Raises:
        InvalidModel: There are fewer than two labels, or fewer examples than folds.
    """
    labels = tuple(sorted({label for _, label in examples}))
    if not 1 < len(labels) <= _MAX_LABELS:
        raise InvalidModel(f"{len(labels)} labels; expected 2 to {_MAX_LABELS}")
    if len(examples) < folds:
        raise InvalidModel(f"{len(examples)} examples; expected at least {folds}")
    features = [features_of(doc) for doc, _ in examples]
    numbers = np.array([labels.index(label) for _, label in examples])
    # In turns within each label, so that every fold has its share of each label.
    fold_of = np.empty(len(examples), np.int64)
    for number in range(len(labels)):
        places = np.flatnonzero(numbers == number)
        fold_of[places] = np.arange(len(places)) % folds
    held_out = np.zeros((len(examples), len(labels)), np.float32)
    for fold in range(folds):
        kept = np.flatnonzero(fold_of != fold)
        weights, rarity = _fit([features[at] for at in kept], numbers[kept], len(labels))
        for at in np.flatnonzero(fold_of == fold):
            held_out[at] = _scores(features[at], weights, rarity)
    temperature = min(_TEMPERATURES, key=lambda each: _loss(_chances(held_out, each), numbers))
    weights, rarity = _fit(features, numbers, len(labels))
    report = report_of(held_out.argmax(axis=1), numbers, labels)
    return _made(labels, weights.astype(np.float16), rarity, temperature, report)


def report_of(found: NDArray[Any], wanted: NDArray[Any], labels: Sequence[str]) -> dict[str, Any]:
    """Return accuracy, and precision, recall and size of each label."""
    each = {}
    for number, label in enumerate(labels):
        right = int(((found == number) & (wanted == number)).sum())
        said, there = int((found == number).sum()), int((wanted == number).sum())
        each[label] = {
            "precision": round(right / said, 4) if said else None,
            "recall": round(right / there, 4) if there else None,
            "documents": there,
        }
    return {"accuracy": round(float((found == wanted).mean()), 4), "labels": each}


def evaluate(model: Model, examples: Iterable[tuple[DocumentView, str]]) -> dict[str, Any]:
    """Return the report of a model for labelled documents; unknown labels are never right."""
    labels = list(model.labels)
    found, wanted = [], []
    for doc, label in examples:
        if label not in labels:
            labels.append(label)
        said = model.predict(doc)
        found.append(labels.index(said[0][0]) if said else -1)
        wanted.append(labels.index(label))
    if not wanted:
        raise InvalidModel("no examples to evaluate on")
    return report_of(np.array(found), np.array(wanted), labels)


def _fit(features: Sequence[Features], numbers: NDArray[Any], labels: int) -> tuple[Floats, Floats]:
    occurs = np.zeros(BUCKETS, np.float32)
    for buckets, _ in features:
        occurs[buckets] += 1
    rarity = (np.log((1 + len(features)) / (1 + occurs)) + 1).astype(np.float32)
    counts = np.zeros((labels, BUCKETS), np.float32)
    for (buckets, values), number in zip(features, numbers, strict=True):
        counts[number, buckets] += _normal(values * rarity[buckets])
    others = counts.sum(axis=0) - counts + _SMOOTHING
    weights = np.log(others / others.sum(axis=1, keepdims=True))
    weights -= weights.mean(axis=0)  # Features that all labels share distinguish none.
    return -weights, rarity


def _normal(values: Floats) -> Floats:
    length = float(np.sqrt((values * values).sum()))
    return values / np.float32(length) if length else values


def _scores(features: Features, weights: NDArray[Any], rarity: Floats) -> Floats:
    buckets, values = features
    scores: Floats = weights[:, buckets].astype(np.float32) @ _normal(values * rarity[buckets])
    return scores


def _chances(scores: Floats, temperature: float) -> Floats:
    scaled = scores * np.float32(temperature)
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    chances: Floats = powers / powers.sum(axis=1, keepdims=True)
    return chances


def _loss(chances: Floats, numbers: NDArray[Any]) -> float:
    return float(-np.log(chances[np.arange(len(numbers)), numbers] + 1e-9).mean())


def _made(
    labels: tuple[str, ...],
    weights: NDArray[np.float16],
    rarity: Floats,
    temperature: float,
    report: dict[str, Any],
) -> Model:
    version = sha256(_numbers(weights, rarity)).hexdigest()
    return Model(labels, weights, rarity, temperature, report, version)


def _numbers(weights: NDArray[np.float16], rarity: Floats) -> bytes:
    return weights.astype("<f2").tobytes() + rarity.astype("<f4").tobytes()


def dump(model: Model) -> bytes:
    """Return the content of a model file."""
    head = {
        "labels": model.labels,
        "buckets": BUCKETS,
        "temperature": model.temperature,
        "report": model.report,
        "sha256": model.version,
    }
    return b"".join(
        (MAGIC, json.dumps(head).encode(), b"\n", _numbers(model.weights, model.rarity))
    )


def load(content: bytes) -> Model:
    """Return the model of a file.

    Raises:
        InvalidModel: It is no model, has another version, is incomplete, or was changed.
    """
    if not content.startswith(MAGIC):
        raise InvalidModel(f"does not begin with {MAGIC.decode().strip()!r}: no model, or too new")
    end = content.find(b"\n", len(MAGIC), len(MAGIC) + _MAX_HEAD_LENGTH)
    try:
        head = json.loads(content[len(MAGIC) : end])
        labels = tuple(map(str, head["labels"]))
        temperature, wanted = float(head["temperature"]), str(head["sha256"])
        buckets, report = int(head["buckets"]), dict(head["report"])
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidModel(f"has a head that cannot be read: {error}") from error
    numbers = content[end + 1 :]
    split = 2 * BUCKETS * len(labels)
    if buckets != BUCKETS or len(numbers) != split + 4 * BUCKETS:
        raise InvalidModel("has another length than its head says: cut off?")
    if sha256(numbers).hexdigest() != wanted:
        raise InvalidModel("has other numbers than its head says: damaged or changed")
    weights = np.frombuffer(numbers[:split], "<f2").reshape(len(labels), BUCKETS)
    return Model(
        labels, weights, np.frombuffer(numbers[split:], "<f4"), temperature, report, wanted
    )
