"""Reads the ledger, validates, batches, dispatches; brings back what got lost."""

from fanmill.intake.intake import Intake
from fanmill.intake.policy import IntakePolicy

__all__ = ["Intake", "IntakePolicy"]
