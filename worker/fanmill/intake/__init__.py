"""Reads the ledger, validates, batches, dispatches; brings back what got lost."""

from fanmill.intake.intake import Intake, IntakePolicy

__all__ = ["Intake", "IntakePolicy"]
