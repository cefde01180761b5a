"""Members that a stage adds to the record of a document."""

from fanmill_contracts.envelope import Model
from fanmill_contracts.results import Deduplication, Problem, Summary
from fanmill_contracts.statistics import Statistics
from fanmill_contracts.tagging import Tagging


class RecordMembers(Model):
    """Members of a record that one stage computes; None for those of other stages.

    `problems` are failures of plugins and taggers: they join the problems of the other stages.
    """

    text_sha256: str | None = None
    deduplication: Deduplication | None = None
    statistics: Statistics | None = None
    summary: Summary | None = None
    tagging: Tagging | None = None
    problems: tuple[Problem, ...] = ()
