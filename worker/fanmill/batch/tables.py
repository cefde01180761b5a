"""Mill for engines of tables: Ray Data's `map_batches`, Spark's `mapInPandas`, and the like.

    dataset.map_batches(MillOnTables, fn_constructor_kwargs={"mill": Mill()}, concurrency=8)
    frame.mapInPandas(in_pandas(Mill()), schema=SPARK_SCHEMA)

A batch is a mapping of columns, a pandas DataFrame or an Arrow table; the answer is of the same
kind and has a row for each row. Neither engine is imported here. Written as Parquet, the answer
is an input of `fanmill index merge`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from fanmill.batch.mill import Mill
from fanmill.batch.outcomes import UnjudgedRecord

COLUMNS: Final = ("document_id", "partition", "record", "fingerprint", "rejected")
"""Columns of the answer. A rejected document has null for all but `document_id`, which may be null
as well, and `rejected`: the reason with the error."""

SPARK_SCHEMA: Final = (
    "document_id string, partition string, record string, fingerprint binary, rejected string"
)


class MillOnTables:
    """A Mill that takes and returns batches of a table.

    Args:
        mill: The Mill; one of the environment's settings by default.
        keep: Columns of the batch that the answer has, too, such as `arrival_ms` (time of arrival
            in ms since 1970) or `sequence` (place in the corpus), by which a merge orders.
    """

    def __init__(self, mill: Mill | None = None, *, keep: Sequence[str] = ()) -> None:
        self._mill = mill or Mill()
        self._keep = tuple(keep)

    def __call__(self, batch: Any) -> Any:
        """Return the outcomes of a batch, as a batch of the same kind.

        Raises:
            TypeError: The batch is neither a mapping, a DataFrame nor an Arrow table.
            KeyError: A column of `keep` is missing.
        """
        names, rows = _rows(batch)
        outcomes = list(self._mill.process(rows))
        columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
        for outcome in outcomes:
            values = (
                (outcome.document_id, outcome.partition, outcome.json, outcome.fingerprint, None)
                if isinstance(outcome, UnjudgedRecord)
                else (outcome.document_id, None, None, None, f"{outcome.reason}: {outcome.error}")
            )
            for name, value in zip(COLUMNS, values, strict=True):
                columns[name].append(value)
        missing = [name for name in self._keep if name not in names]
        if missing:
            raise KeyError(f"no column {missing[0]!r} to keep; there are {', '.join(names)}")
        return _like(batch, columns, self._keep)


def in_pandas(
    mill: Mill | None = None, *, keep: Sequence[str] = ()
) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """Return a function for Spark's `mapInPandas`, with the schema `SPARK_SCHEMA`.

    Columns of `keep` need their places at the end of the schema.
    """
    # Made here, on the driver: an executor takes the settings as they are pickled.
    tables = MillOnTables(mill, keep=keep)

    def outcomes(batches: Iterable[Any]) -> Iterator[Any]:
        return map(tables, batches)

    return outcomes


def _rows(batch: Any) -> tuple[list[str], Iterator[dict[str, Any]]]:
    """Return the names of the columns, and the rows."""
    if isinstance(batch, Mapping):
        columns = {str(name): _plain(values) for name, values in batch.items()}
    elif hasattr(batch, "to_pydict"):
        columns = batch.to_pydict()
    elif hasattr(batch, "to_dict"):
        columns = batch.to_dict("list")
    else:
        raise TypeError(
            f"batch is a {type(batch).__name__}; expected a mapping of columns, a pandas "
            "DataFrame or an Arrow table"
        )
    names = list(columns)
    values = zip(*columns.values(), strict=True)
    return names, (
        {name: value for name, value in zip(names, row, strict=True) if not _is_null(value)}
        for row in values
    )


def _is_null(value: Any) -> bool:
    # Pandas writes NaN for a missing text.
    return value is None or (isinstance(value, float) and value != value)  # noqa: PLR0124


def _plain(values: Any) -> list[Any]:
    return values.tolist() if hasattr(values, "tolist") else list(values)


def _like(batch: Any, columns: dict[str, list[Any]], keep: Sequence[str]) -> Any:
    if isinstance(batch, Mapping):
        import numpy as np  # noqa: PLC0415  loaded with the functions

        def array(values: list[Any]) -> Any:
            made = np.empty(len(values), dtype=object)
            made[:] = values
            return made

        kept = {name: batch[name] for name in keep}
        return {name: array(values) for name, values in columns.items()} | kept
    if hasattr(batch, "to_pydict"):
        kept = {name: batch.column(name) for name in keep}
        return type(batch).from_pydict(columns | kept)
    # As objects: a column of texts would turn null into NaN.
    frame = type(batch)(columns, index=batch.index, dtype=object)
    for name in keep:
        frame[name] = batch[name]
    return frame
