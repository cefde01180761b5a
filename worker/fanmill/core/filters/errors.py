"""The one error of the filter language."""


class FilterError(ValueError):
    """A filter that cannot be read.

    Attributes:
        text: The filter as it was given.
        position: Offset of the fault in it, from 0.
        problem: The fault in words, with the values that are possible.
    """

    def __init__(self, text: str, position: int, problem: str) -> None:
        super().__init__(text, position, problem)
        self.text = text
        self.position = position
        self.problem = problem

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 200 else f"{self.text[:197]}..."  # noqa: PLR2004
        return f"filter {shown!r}, position {self.position + 1}: {self.problem}"
