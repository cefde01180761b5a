"""Typer's runner of commands, with the commands of fanmill built once for all calls.

Typer builds each of them anew for every call, which takes longer than most commands. A built
command keeps nothing of a call.
"""

from functools import cache

from typer import testing

testing._get_command = cache(testing._get_command)

CliRunner = testing.CliRunner
