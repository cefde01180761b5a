"""The keys of filters over rejections. Words without a key are searched in the error."""

from typing import Final, get_args

from fanmill.core.filters.keys import Catalogue, Key
from fanmill_contracts import RejectionReason
from fanmill_contracts.terms import Place

REJECTION_KEYS: Final[Catalogue] = {
    "reason": Key("text", "Reason of the rejection.", get_args(RejectionReason)),
    "stage": Key("text", "Stage that failed, or intake.", get_args(Place)),
    "source": Key("text", "Source of the event."),
    "group": Key("text", "Failure group, from `fanmill rejected groups`."),
    "document": Key("text", "Document id."),
    "event": Key("text", "Event id."),
    "age": Key("duration", "Time since the rejection."),
    "rejected": Key("time", "Time of the rejection."),
    "attempts": Key("number", "Number of attempts."),
}
