"""The meanings of all settings, as the documentation and `fanmill config` show them."""

import ast
from inspect import getsource
from itertools import pairwise

from fanmill.console_settings import ConsoleSettings
from fanmill.server_settings import ServerSettings
from fanmill.settings import Settings


def setting_meanings() -> dict[str, str]:
    """Return the docstring of each setting on one line, by the name of the field.

    They are read from the source on demand: to parse it at each start takes a tenth of the time
    of a short command.
    """
    return {**_meanings(ServerSettings), **_meanings(Settings), **_meanings(ConsoleSettings)}


def _meanings(kind: type) -> dict[str, str]:
    (definition,) = ast.parse(getsource(kind)).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101
    return {
        field.target.id: " ".join(str(text.value.value).split())
        for field, text in pairwise(definition.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }
