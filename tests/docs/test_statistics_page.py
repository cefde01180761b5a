from pydantic import BaseModel

from fanmill_contracts.catalogue import BY_NAME, CATALOGUE, SETS
from fanmill_contracts.statistics import (
    Composition,
    Diversity,
    FilterResults,
    QualitySignals,
    Readability,
    Statistics,
)

from .statistics_page import PAGE, page

MODELS: dict[str, type[BaseModel]] = {
    "quality": QualitySignals,
    "filters": FilterResults,
    "readability": Readability,
    "diversity": Diversity,
    "composition": Composition,
}
BESIDE_THE_CATALOGUE = {"language", "sets", "plugins", *MODELS}


def test_the_page_is_what_the_catalogue_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_statistic_is_in_the_catalogue_and_in_a_record() -> None:
    in_models = {
        f"{name}.{field}" for name, model in MODELS.items() for field in model.model_fields
    } | {f"sizes.{field}" for field in set(Statistics.model_fields) - BESIDE_THE_CATALOGUE}
    assert in_models == set(BY_NAME)
    assert len(CATALOGUE) == len(BY_NAME)
    assert {entry.set for entry in CATALOGUE} == set(SETS)


def test_descriptions_of_the_contract_come_from_the_catalogue() -> None:
    for name, model in MODELS.items():
        for field, info in model.model_fields.items():
            assert info.description == BY_NAME[f"{name}.{field}"].description


def test_every_statistic_has_definition_unit_and_empty_case() -> None:
    for entry in CATALOGUE:
        assert entry.definition.endswith("."), entry.name
        assert entry.unit, entry.name
        assert entry.empty, entry.name
        assert entry.high is None or entry.low < entry.high, entry.name
