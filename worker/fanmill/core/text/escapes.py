"""Escapes for characters that must not reach a terminal or a log line as they are.

Titles, ids and errors come from producers. A control sequence among them can clear a screen,
rename a window or show text in a false order. All output of text passes through here.
"""

import re
from typing import Final

_CONTROLS: Final = (
    "\x00-\x1f\x7f"  # C0 and DEL: ESC begins a control sequence
    "\x80-\x9f"  # C1: U+009B is a control sequence introducer of one character
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Unicode property Bidi_Control
    "\u2028\u2029"  # line and paragraph separator: they forge lines of a log
    "\ud800-\udfff"  # lone surrogates cannot be encoded
)
_ANY: Final = re.compile(f"[{_CONTROLS}]")
_ANY_BUT_LINE_BREAKS: Final = re.compile(f"(?!\n)[{_CONTROLS}]")
_SHORT: Final = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def escape_controls(text: str, *, keep_line_breaks: bool = False) -> str:
    r"""Return text with each control character as a visible escape such as `\x1b`.

    C0, DEL, C1, bidirectional controls, U+2028, U+2029 and lone surrogates are escaped as
    Python writes them. All other characters stay, backslashes and square brackets among them.
    Escaping twice changes nothing.

    Args:
        text: Any text.
        keep_line_breaks: Whether U+000A stays, for text that is shown on several lines.
    """
    # No printable character is a control or a format character; most texts are only printable.
    if text.isprintable():
        return text
    pattern = _ANY_BUT_LINE_BREAKS if keep_line_breaks else _ANY
    return pattern.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004  two digits


def escape_json(json: str) -> str:
    r"""Return JSON text with all control characters as JSON escapes such as `\u009b`.

    JSON itself escapes C0 alone. In valid JSON the others occur within strings only, so that the
    result is valid and has the same values.
    """
    return _ANY.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


def escape_json_lines(json: str) -> str:
    """Return JSON of several lines with all other control characters as JSON escapes."""
    return "\n".join(map(escape_json, json.split("\n")))
