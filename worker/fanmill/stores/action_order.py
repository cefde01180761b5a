"""The order of an action as JSON, as both stores keep it."""

from dataclasses import asdict

from pydantic import TypeAdapter
from pydantic_core import to_json

from fanmill.ports import ActionOrder

_ORDERS: TypeAdapter[ActionOrder] = TypeAdapter(ActionOrder)


def order_json(order: ActionOrder) -> str:
    """Return an order as one JSON object."""
    return to_json(asdict(order)).decode()


def order_of_json(text: str | bytes) -> ActionOrder:
    """Return the order that a JSON object describes."""
    return _ORDERS.validate_json(text)
