"""The tables of memory are those of the last measurement, and keep the promised bounds."""

from bench.memory_table import PAGE, figures, written

MAX_CHILD_MB = 150
MAX_INTAKE_MB = 150
MAX_GROWTH = 1.08
MAX_REDIS_BYTES = 6_000


def test_the_tables_of_memory_are_those_of_the_last_measurement() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page, figures()), "run: make bench-memory, or make docs"


def test_the_last_measurement_is_within_the_promised_bounds() -> None:
    found = figures()
    english = {
        row["documents"]: row["own_mb"] for row in found["worker"] if row["languages"] == "en"
    }
    assert set(english) >= {1_000, 10_000, 20_000}
    assert max(english.values()) <= MAX_CHILD_MB
    assert english[20_000] <= MAX_GROWTH * english[10_000]
    assert max(row["own_mb"] for row in found["worker"]) <= MAX_CHILD_MB
    assert found["redis"]["bytes_per_document"] <= MAX_REDIS_BYTES
    assert max(row["peak_mb"] for row in found["intake"]) <= MAX_INTAKE_MB
    assert not any(row["refused_by_server"] for row in found["intake"])
