"""Protocols and plain values: what steps and intake need from the world.

Implementations live in `stores/` (Redis), `testing/` (in memory) and `shell/`
(Celery). The same conformance suite tests all stores of a kind.
"""

from fanmill.ports.actions import (
    ACTION_RETENTION_DAYS,
    DONE_OUTCOMES,
    MAX_ACTION_IDS,
    MAX_ACTIONS,
    Action,
    ActionItem,
    ActionKind,
    ActionOrder,
    ActionOutcome,
    Actions,
    ActionSlice,
    ActionState,
)
from fanmill.ports.controls import Activity, Controls, NoControls
from fanmill.ports.corpus import Corpus, Trends
from fanmill.ports.dispatch import Clock, Dispatcher
from fanmill.ports.index import FingerprintIndex, IndexPartition
from fanmill.ports.ledger import Ledger
from fanmill.ports.load import Load, RunningBatch
from fanmill.ports.records import Records, StoredDocument, StoredFingerprint
from fanmill.ports.rejections import FailureGroup, NotReplayable, RejectedEntry, Rejections
from fanmill.ports.store import (
    CappedCount,
    ClusterSize,
    CompletedEntry,
    Outcome,
    OutcomeRefused,
    RejectedOutcome,
    SaveCounts,
    SavedRecord,
    SavedRejection,
    Store,
    StoreError,
    StoreInfo,
    StoreKind,
    Tombstone,
)
from fanmill.ports.work import (
    LATER_STAGES,
    MAX_WHOLE_INVALID,
    ORIGINAL_BEGINNING_BYTES,
    STAGES,
    Admission,
    Admitted,
    Batch,
    Committed,
    Entry,
    Events,
    Job,
    Overdue,
    Rejection,
    StageResult,
)
from fanmill_contracts.terms import Place

__all__ = [
    "ACTION_RETENTION_DAYS",
    "DONE_OUTCOMES",
    "LATER_STAGES",
    "MAX_ACTIONS",
    "MAX_ACTION_IDS",
    "MAX_WHOLE_INVALID",
    "ORIGINAL_BEGINNING_BYTES",
    "STAGES",
    "Action",
    "ActionItem",
    "ActionKind",
    "ActionOrder",
    "ActionOutcome",
    "ActionSlice",
    "ActionState",
    "Actions",
    "Activity",
    "Admission",
    "Admitted",
    "Batch",
    "CappedCount",
    "Clock",
    "ClusterSize",
    "Committed",
    "CompletedEntry",
    "Controls",
    "Corpus",
    "Dispatcher",
    "Entry",
    "Events",
    "FailureGroup",
    "FingerprintIndex",
    "IndexPartition",
    "Job",
    "Ledger",
    "Load",
    "NoControls",
    "NotReplayable",
    "Outcome",
    "OutcomeRefused",
    "Overdue",
    "Place",
    "Records",
    "RejectedEntry",
    "RejectedOutcome",
    "Rejection",
    "Rejections",
    "RunningBatch",
    "SaveCounts",
    "SavedRecord",
    "SavedRejection",
    "StageResult",
    "Store",
    "StoreError",
    "StoreInfo",
    "StoreKind",
    "StoredDocument",
    "StoredFingerprint",
    "Tombstone",
    "Trends",
]
