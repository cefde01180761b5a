"""Dialogs: a confirmation with its reason, the details of a row, the keys, a choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input, Static

_FRAME = """
{name} {{ align: center middle; }}
{name} > .frame {{
    width: 90%; max-width: 100; height: auto; max-height: 90%;
    border: round $primary; background: $surface; padding: 0 1;
}}
{name} .title {{ text-style: bold; color: $primary; margin-bottom: 1; }}
{name} .hint {{ color: $text-muted; margin-top: 1; }}
"""


class Confirmation(ModalScreen[str | None]):
    """Asks for a reason and a yes; its result is the reason, or None."""

    DEFAULT_CSS = _FRAME.format(name="Confirmation")

    def __init__(self, question: str, subjects: Sequence[str], word: str = "") -> None:
        super().__init__()
        self._question, self._subjects, self._word = question, subjects, word

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Vertical(classes="frame"):
            yield Static(self._question, classes="title", markup=False)
            yield Static("\n".join(self._subjects), markup=False)
            yield Input(placeholder="reason, for the log (may be empty)", id="reason")
            if self._word:
                yield Input(placeholder=f"type {self._word}", id="word")
            yield Static(self._hint(), classes="hint", markup=False)

    def _hint(self) -> str:
        if self._word:
            return f"Enter after the reason, type {self._word}, Enter: do it.  Esc: leave."
        return "Enter after the reason, then y: do it, n or Esc: leave."

    def on_mount(self) -> None:
        """Begin with the reason."""
        self.query_one("#reason", Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on from the reason; accept the word if it is right."""
        event.stop()
        if event.input.id == "reason":
            if self._word:
                self.query_one("#word", Input).focus()
            else:
                self.set_focus(None)
                self.query_one(".hint", Static).update("y: do it   n or Esc: leave")
        elif event.value == self._word:
            self._accept()
        else:
            self.query_one(".hint", Static).update(f"That is not {self._word}. Esc: leave.")

    def on_key(self, event: Key) -> None:
        """Take the answer, once the reason is given."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif self.focused is None and event.character in {"y", "Y"}:
            event.stop()
            self._accept()
        elif self.focused is None and event.character in {"n", "N"}:
            event.stop()
            self.dismiss(None)

    def _accept(self) -> None:
        self.dismiss(self.query_one("#reason", Input).value.strip())


class Page(ModalScreen[None]):
    """A text to read: details of a row, or the keys."""

    DEFAULT_CSS = _FRAME.format(name="Page") + "Page .frame VerticalScroll { height: auto; }"
    BINDINGS: ClassVar = [
        ("escape,enter,Q", "dismiss", "close"),
        ("j,down", "scroll(1)", "down"),
        ("k,up", "scroll(-1)", "up"),
    ]

    def __init__(self, title: str, text: Text) -> None:
        super().__init__()
        self._heading, self._body = title, text

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with VerticalScroll(classes="frame"):
            yield Static(self._heading, classes="title", markup=False)
            yield Static(self._body, id="text")
            yield Static("Esc: close", classes="hint", markup=False)

    def add(self, text: str) -> None:
        """Add lines to the text, now or when it is shown."""
        self._body.append(text)
        self._show()

    def on_mount(self) -> None:
        """Show what was added meanwhile."""
        self._show()

    def _show(self) -> None:
        for text in self.query("#text").results(Static):
            text.update(self._body)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(".frame").scroll_relative(y=lines, animate=False)


class Choice(ModalScreen[str | None]):
    """Asks for one of several things by number; its result is its name, or None."""

    DEFAULT_CSS = _FRAME.format(name="Choice")

    def __init__(self, question: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._question, self._choices = question, choices

    def compose(self) -> ComposeResult:
        """Make the parts."""
        lines = [f"{at}  {text}" for at, (_, text) in enumerate(self._choices, 1)]
        with Vertical(classes="frame"):
            yield Static(self._question, classes="title", markup=False)
            yield Static("\n".join(lines), markup=False)
            yield Static("Esc: leave", classes="hint", markup=False)

    def on_key(self, event: Key) -> None:
        """Take the number."""
        event.stop()
        if event.key == "escape":
            self.dismiss(None)
        elif event.character and event.character in "123456789"[: len(self._choices)]:
            self.dismiss(self._choices[int(event.character) - 1][0])
