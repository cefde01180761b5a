"""`fanmill store`: schema, state and soundness of the store of record."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.console import display, fail, guarded, json_line, load_settings, remark
from fanmill.cli.exits import Exit
from fanmill.cli.help import Command, Group
from fanmill.cli.options import Json

if TYPE_CHECKING:
    from fanmill.ports import Store, StoreInfo

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Bring the store of record up to date, show its state, check it.

    Examples:

      fanmill store info

      fanmill store migrate --dry-run

      fanmill store check --store postgresql://fanmill@db.example.org/fanmill
    """,
)

StoreUrl = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="Store: sqlite:////var/lib/fanmill/results.sqlite or postgresql://user@host/database."
        "  [env: FANMILL_STORE_URL]",
        show_default=False,
    ),
]


@app.command(cls=Command)
@guarded
def migrate(
    store: StoreUrl = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what is missing.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the search index anew in any case.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Apply the migrations that the store does not have yet, and make its search index anew.

    An expand migration only adds: programs of the version before go on working. Apply them before
    the first process of a new version starts. A contract migration removes or changes: apply it
    after the last process of the old version has ended. Several calls at once do no harm.

    The search index is made anew if this version has another rule for it, in slices: after a kill
    the same command goes on. Until its end searches and sinks wait, and documents are shown by id.

    Examples:

      fanmill store migrate --dry-run

      fanmill store migrate --store postgresql://owner@db.example.org/fanmill

      fanmill store migrate --rebuild
    """
    with closing(_opened(store, create=not dry_run)) as opened:
        from fanmill.stores.migrations import shipped_migrations

        version = opened.info().schema_version
        kinds = {each.name: each.kind for each in shipped_migrations(opened.kind)}
        names = list(kinds)[version:] if dry_run else opened.migrate()
        found = opened.info()
        stale = rebuild or found.facets_version != found.wanted_facets_version
        if stale and not dry_run:
            _rebuild(opened, anew=rebuild)
    rows = found.records + found.rejections if stale else 0
    if as_json:
        for name in names:
            json_line({"migration": name, "kind": kinds[name], "applied": not dry_run})
        if rows:
            facets = found.wanted_facets_version
            json_line({"facets": facets, "rows": rows, "applied": not dry_run})
        return
    if names:
        from fanmill.cli.tables import add_row, listing

        table = listing("migration", "kind", "")
        for name in names:
            add_row(table, name, kinds[name], "missing" if dry_run else "applied")
        display(table)
    if rows:
        verb = "is to be made" if dry_run else "was made"
        remark(f"the search index of {rows:,} records and rejections {verb} anew")
    elif not names:
        remark(f"the schema is up to date: version {version}")


def _rebuild(store: Store, *, anew: bool) -> None:
    from fanmill.cli.progress import ShareProgress

    with ShareProgress("making the search index anew") as shown:
        progress = store.rebuild_facets(anew=anew)
        while progress is not None:
            shown.update(progress.done, progress.total)
            progress = store.rebuild_facets()


@app.command(cls=Command)
@guarded
def info(store: StoreUrl = None, as_json: Json = False) -> None:
    """Show kind, schema, numbers and size of the store.

    Exit code 1 if its schema is older than this program needs, or its search index another.

    Examples:

      fanmill store info

      fanmill store info --json --store sqlite:///results.sqlite
    """
    with closing(_opened(store)) as opened:
        found = opened.info()
    if as_json:
        json_line(found)
    else:
        _show(found)
    if found.schema_version < found.wanted_schema_version:
        fail(
            Exit.FAILURE,
            f"the schema is version {found.schema_version}, this program needs "
            f"{found.wanted_schema_version}; run fanmill store migrate",
        )
    if found.facets_version != found.wanted_facets_version:
        fail(
            Exit.FAILURE,
            f"the search index is version {found.facets_version or 'unfinished'}, this program "
            f"needs {found.wanted_facets_version}; run fanmill store migrate",
        )


def _show(found: StoreInfo) -> None:
    from fanmill.cli.tables import facts, moment

    schema = str(found.schema_version)
    if found.schema_version != found.wanted_schema_version:
        schema += f" (this program: {found.wanted_schema_version})"
    display(
        facts(
            [
                ("kind", f"{found.kind} {found.server}"),
                ("schema", schema),
                ("search index", _facets(found)),
                ("records", f"{found.records:,}"),
                ("rejections", f"{found.rejections:,}"),
                ("tombstones", f"{found.tombstones:,}"),
                ("size", f"{found.bytes / (1 << 20):,.1f} MiB"),
                ("oldest", moment(found.oldest) if found.oldest else "no record yet"),
                ("newest", moment(found.newest) if found.newest else "no record yet"),
            ]
        )
    )


def _facets(found: StoreInfo) -> str:
    if found.facets_rebuild is not None:
        return f"is being made anew, {found.facets_rebuild}"
    if found.facets_version == found.wanted_facets_version:
        return found.facets_version
    return f"{found.facets_version or 'none'} (this program: {found.wanted_facets_version})"


@app.command(cls=Command)
@guarded
def check(
    store: StoreUrl = None,
    all_records: Annotated[
        bool, typer.Option("--all", help="Read every record, not only the newest 1,000.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Examine whether the store is sound: its files, indexes and records.

    Reads the pages of the whole database, and the newest 1,000 records. Exit code 1 if there is a
    fault. Restore a backup then, or mend the index that a fault names.

    Examples:

      fanmill store check

      fanmill store check --all

      fanmill store check --json --store postgresql://fanmill@db.example.org/fanmill
    """
    with closing(_opened(store)) as opened:
        if not as_json:
            remark(f"reading {opened.info().records:,} records ...")
        faults = opened.check(all_records=all_records)
    if as_json:
        json_line({"sound": not faults, "faults": faults})
    elif faults:
        from fanmill.cli.tables import add_row, listing

        table = listing("fault")
        for fault in faults:
            add_row(table, fault)
        display(table)
    else:
        remark("the store is sound")
    if faults:
        raise typer.Exit(Exit.FAILURE)


@app.command(cls=Command)
@guarded
def compact(store: StoreUrl = None, as_json: Json = False) -> None:
    """Drop what removed records left behind, such as their words in the search index.

    In SQLite, a million records take a few minutes, while sinks wait. In PostgreSQL it is a
    VACUUM, by the owner of the tables; nobody waits, and the server does it by itself, too.

    Examples:

      fanmill store compact

      fanmill store compact --store sqlite:////var/lib/fanmill/results.sqlite
    """
    with closing(_opened(store)) as opened:
        before = opened.info()
        if not as_json:
            remark(f"compacting {before.records:,} records ...")
        opened.compact()
        after = opened.info()
    if as_json:
        json_line({"records": after.records, "bytes_before": before.bytes, "bytes": after.bytes})
    else:
        remark(f"compacted: {after.bytes / (1 << 20):,.1f} MiB")


def _opened(store: str | None, *, create: bool = False) -> Store:
    settings = load_settings(store_url=store)
    url = settings.store_url.get_secret_value()
    if not url:
        fail(
            Exit.USAGE,
            "no store is named; set FANMILL_STORE_URL or give --store "
            "sqlite:////var/lib/fanmill/results.sqlite",
        )

    from fanmill.stores.opening import open_store

    return open_store(url, create=create)
