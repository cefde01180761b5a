"""Views: values of an object that are computed at first use and kept with it."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    view_property = cached_property
else:

    class view_property:  # noqa: N801  named like the decorators of the standard library
        """A cached property without a lock, which takes Python 3.11 two thirds of each first use.

        Objects with views belong to a single task, not to threads.
        """

        def __init__(self, function: Any) -> None:
            self.function: Final = function
            self.__doc__ = function.__doc__

        def __set_name__(self, owner: type[Any], name: str) -> None:
            self.name = name

        def __get__(self, instance: Any, owner: type[Any] | None = None) -> Any:
            """Compute the value at first use."""
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.function(instance)
            return value
