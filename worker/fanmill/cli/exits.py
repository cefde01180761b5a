"""Exit codes: part of the command line's contract."""

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """The outcomes of a command that a script may branch on."""

    DONE = 0
    """All went well."""
    FAILURE = 1
    """The command ran, but something is wrong: a document was rejected or is
    unknown, an input could not be read, a check failed."""
    USAGE = 2
    """Wrong arguments or settings; nothing was done."""
    SERVER = 3
    """The server cannot be reached, or refused."""
    BACKLOG = 4
    """The ledger is full; the message says how many events were written."""
    INTERRUPTED = 130
    """Ended by Ctrl-C or SIGTERM; every process that was started has ended too."""


EPILOG: Final = """\
Exit codes:
0  done
1  done, but something is wrong: a rejected or unknown document, an unreadable input, a failed check
2  wrong arguments or settings; nothing was done
3  the server cannot be reached, or refused
4  the ledger is full
130  interrupted"""
"""Table of the exit codes for the help of `fanmill`."""

_EXITS: Final = {
    "fanmill_contracts.errors.BacklogFull": Exit.BACKLOG,
    "fanmill_contracts.errors.NotDurable": Exit.SERVER,
    "fanmill_contracts.errors.ServerError": Exit.SERVER,
    "fanmill_contracts.errors.ContractError": Exit.USAGE,
    "fanmill.cli.sources.UnreadablePath": Exit.USAGE,
    "fanmill.backfill.inputs.NoInput": Exit.USAGE,
    "fanmill.backfill.parquet.NoParquet": Exit.USAGE,
    "fanmill.backfill.plan.OtherBackfill": Exit.USAGE,
    "fanmill.backfill.shard.WorkerDied": Exit.FAILURE,
    "fanmill.batch.run_file.DamagedRunFile": Exit.USAGE,
    "fanmill.export.output.OtherExport": Exit.USAGE,
    "fanmill.export.output.OutputExists": Exit.USAGE,
    "fanmill.export.parquet.ParquetFailed": Exit.FAILURE,
    "fanmill.merge.backfills.Incomplete": Exit.USAGE,
    "fanmill.merge.index_file.DamagedIndexFile": Exit.USAGE,
    "fanmill.merge.index_file.NotEmpty": Exit.USAGE,
    "fanmill.merge.joining.RecordsDiffer": Exit.FAILURE,
    "fanmill.merge.merging.OtherMerge": Exit.USAGE,
    "fanmill.merge.merging.UnusableRuns": Exit.USAGE,
    "fanmill.merge.table_runs.UnusableTable": Exit.USAGE,
    "fanmill.core.plugin.PluginError": Exit.USAGE,
    "fanmill.core.filters.errors.FilterError": Exit.USAGE,
    "fanmill.core.edited_event.UnreadableEdit": Exit.USAGE,
    "fanmill.core.rules.rule.RuleError": Exit.USAGE,
    "fanmill.stores.index.errors.IndexParametersDiffer": Exit.USAGE,
    "fanmill.local.server.ServerUnavailable": Exit.SERVER,
    "fanmill.ports.store.StoreError": Exit.SERVER,
    "fanmill.stores.redis.connection.ServerRefused": Exit.SERVER,
    "redis.exceptions.RedisError": Exit.SERVER,
    "kombu.exceptions.OperationalError": Exit.SERVER,
}


def exit_of(error: BaseException) -> Exit | None:
    """Return the exit code of an error that a user can act on; None for any other.

    Classes are compared by name: the modules that define them take long to import, and an
    error cannot be raised without its module.
    """
    for kind in type(error).__mro__:
        code = _EXITS.get(f"{kind.__module__}.{kind.__qualname__}")
        if code is not None:
            return code
    return None
