"""Help pages: the purpose, the options, and last some commands to paste.

Plain text at the width of the terminal, 120 columns at most. Commands are listed in groups.
A docstring of a command ends with a section "Examples:" that has one command a line.
"""

from typing import Any, Final

from typer.core import TyperCommand, TyperGroup

CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 120}
"""Context settings of the top command; commands below inherit them."""

_EXAMPLES: Final = "Examples:"


def examples_of(help_text: str) -> list[str]:
    """Return the commands of the section "Examples:"; none without such a section."""
    section = help_text.partition(_EXAMPLES)[2]
    return [line.strip() for line in section.splitlines() if line.strip()]


class Command(TyperCommand):
    """A command whose help page ends with its examples."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the parts of the usage line, names of arguments without braces."""
        pieces = super().collect_usage_pieces(ctx)
        return [piece.replace("{", "").replace("}", "") for piece in pieces]

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the purpose of the command, without the examples."""
        _write_purpose(self.help or "", formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options, without the types that Python has for them."""
        sections: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                name = record[0].partition(" <")[0]
                sections[parameter.param_type_name].append((name, record[1]))
        for title, rows in sections.items():
            if rows:
                with formatter.section(f"{title.capitalize()}s"):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the examples."""
        _write_examples(self.help or "", formatter)


class Group(TyperGroup):
    """A group that lists its commands under the name of each help panel."""

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the purpose of the group, without the examples."""
        _write_purpose(self.help or "", formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write one section for each panel, in the order of the commands."""
        panels: dict[str, list[tuple[str, str]]] = {}
        width = max(map(len, self.commands), default=0)
        for name, command in self.commands.items():
            panel = getattr(command, "rich_help_panel", None)
            title = panel if isinstance(panel, str) else "Commands"
            purpose = " ".join((command.help or "").partition("\n\n")[0].split())
            panels.setdefault(title, []).append((name.ljust(width), purpose.rstrip(".")))
        for title, rows in panels.items():
            with formatter.section(title):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the remarks below the commands, and last the examples."""
        for paragraph in (self.epilog or "").split("\n\n"):
            title, _, rest = paragraph.partition("\n")
            if rest:
                with formatter.section(title.rstrip(":")):
                    formatter.write_dl(
                        [(name, purpose) for name, _, purpose in _pairs(rest.splitlines())]
                    )
        _write_examples(self.help or "", formatter)


def _pairs(lines: list[str]) -> list[tuple[str, str, str]]:
    return [line.strip().partition("  ") for line in lines]


def _write_purpose(help_text: str, formatter: Any) -> None:
    for paragraph in help_text.partition(_EXAMPLES)[0].strip().split("\n\n"):
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(" ".join(paragraph.split()))


def _write_examples(help_text: str, formatter: Any) -> None:
    lines = examples_of(help_text)
    if lines:
        with formatter.section(_EXAMPLES.rstrip(":")):
            for line in lines:
                # A command to paste keeps its line, however long.
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
