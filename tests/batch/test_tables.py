"""The contracts of Ray Data's `map_batches` and Spark's `mapInPandas`, without the engines."""

import json
import pickle

import numpy as np
import pytest

from fanmill.batch import Mill
from fanmill.batch.tables import COLUMNS, SPARK_SCHEMA, MillOnTables, in_pandas

TEXTS = ["The mill stands on the river.", None, "Grain is sold on Monday."]
IDS = ["a", "b", "c"]


def columns():
    return {"id": list(IDS), "text": list(TEXTS), "sequence": [7, 8, 9]}


def checked(answer):
    assert list(answer["document_id"])[0::2] == ["a", "c"]
    assert [each is None for each in answer["rejected"]] == [True, False, True]
    assert json.loads(answer["record"][0])["document_id"] == "a"
    assert bytes(answer["fingerprint"][2])
    assert list(answer["sequence"]) == [7, 8, 9]


def test_a_mapping_of_arrays_gives_a_mapping_of_arrays():
    batch = {name: np.array(values, dtype=object) for name, values in columns().items()}
    tables = pickle.loads(pickle.dumps(MillOnTables(Mill(), keep=("sequence",))))  # noqa: S301
    answer = tables(batch)
    assert set(answer) == {*COLUMNS, "sequence"}
    assert all(isinstance(each, np.ndarray) for each in answer.values())
    checked(answer)


def test_a_data_frame_gives_a_data_frame_for_each_batch():
    pandas = pytest.importorskip("pandas", reason="no pandas")
    frame = pandas.DataFrame(columns())
    first, second = in_pandas(Mill(), keep=("sequence",))(iter([frame, frame]))
    assert isinstance(first, pandas.DataFrame)
    assert second.equals(first)
    checked({name: first[name].tolist() for name in first.columns})
    assert [each.split()[0] for each in SPARK_SCHEMA.split(", ")] == list(first.columns)[:-1]


def test_an_arrow_table_gives_an_arrow_table():
    pyarrow = pytest.importorskip("pyarrow", reason="no pyarrow")
    answer = MillOnTables(Mill(), keep=("sequence",))(pyarrow.table(columns()))
    assert isinstance(answer, pyarrow.Table)
    checked(answer.to_pydict())


def test_an_empty_batch_gives_an_empty_batch():
    answer = MillOnTables(Mill())({"id": np.array([]), "text": np.array([])})
    assert [len(values) for values in answer.values()] == [0] * len(COLUMNS)


def test_other_batches_and_missing_columns_are_refused():
    tables = MillOnTables(Mill(), keep=("arrival_ms",))
    with pytest.raises(TypeError, match="expected a mapping"):
        tables([1, 2])
    with pytest.raises(KeyError, match="arrival_ms"):
        tables({"id": np.array(["a"]), "text": np.array(["b"])})
