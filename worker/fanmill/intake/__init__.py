"""Intake: reads the ledger, validates events, sends batches, redelivers what got lost."""

from fanmill.intake.intake import Intake
from fanmill.intake.policy import IntakePolicy

__all__ = ["Intake", "IntakePolicy"]
