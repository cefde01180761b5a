"""`fanmill duplicates`, `fanmill clusters`: documents in the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.console import (
    counted,
    display,
    fail,
    guarded,
    json_line,
    load_wiring,
    remark,
    stdout,
)
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.texts import TextPaths

if TYPE_CHECKING:
    from rich.table import Table

    from fanmill.core.dedup.judgement import Cluster
    from fanmill.wiring import Wiring

DocumentId = Annotated[str, typer.Argument(metavar="ID", help="The document's id.")]


@guarded
def duplicates(
    document_id: DocumentId,
    redis_url: RedisUrl = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, metavar="N", help="Maximum number, newest first.")
    ] = 1000,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show which sentences it shares with its original.")
    ] = False,
    text: TextPaths = None,
    original: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="File with the original's text.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the cluster of a document: its original and all that repeat it.

    With --diff, compare a duplicate with its original. Texts are found in the ledger while
    documents are in work, in rejections, and in the files of --text and --original. Exit code 1 if
    the index does not know the document, or a text is not available.

    Examples:

      fanmill duplicates harbour-bridge

      fanmill duplicates harbour-bridge --json | jq .members

      fanmill duplicates harbour-bridge-reprint-edited --diff --text deploy/samples
    """
    wiring = load_wiring(redis_url)
    found = _clusters_of(wiring, document_id, limit)
    if diff:
        from fanmill.cli.commands.duplicates.diff import show_diff

        show_diff(
            wiring,
            document_id,
            _original_of(document_id, found[0][1]),
            paths=text or (),
            original_path=original,
            as_json=as_json,
        )
        return
    if text or original:
        fail(Exit.USAGE, "--text and --original need --diff")
    for name, cluster in found:
        _print_cluster(wiring, name, cluster, as_json=as_json)


@guarded
def clusters(
    redis_url: RedisUrl = None,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="Number of clusters.")] = 10,
    as_json: Json = False,
) -> None:
    """List the largest clusters of documents that repeat each other.

    Examples:

      fanmill clusters --top 20

      fanmill clusters --top 100 --json
    """
    index = load_wiring(redis_url).index
    found = [
        (name, cluster)
        for name in index.partitions()
        for cluster in index.opened(name, "adopt").largest_clusters(top)
    ]
    found.sort(key=lambda each: -each[1].size)
    if as_json:
        for name, cluster in found[:top]:
            json_line({"partition": name, "original": cluster.original_id, "size": cluster.size})
    elif found:
        from fanmill.cli.short_ids import short_ids
        from fanmill.cli.tables import add_row, listing

        ids = short_ids((each.original_id or "" for _, each in found), stdout().width // 2)
        table = listing("documents", "original", "partition", numbers={"documents"})
        for name, cluster in found[:top]:
            original = ids[cluster.original_id] if cluster.original_id else "(forgotten)"
            add_row(table, f"{cluster.size:,}", original, name)
        display(table)
    else:
        remark("no two documents repeat each other")


def _clusters_of(wiring: Wiring, document_id: str, limit: int) -> list[tuple[str, Cluster]]:
    """Return the clusters of a document with their partitions; without one the command ends."""
    found = [
        (name, cluster)
        for name in wiring.index.partitions()
        if (cluster := wiring.index.opened(name, "adopt").cluster(document_id, limit)) is not None
    ]
    if not found:
        fail(
            Exit.FAILURE,
            f"the index has no document {document_id!r}: never seen, forgotten, or older than "
            "the horizon (fanmill index info)",
        )
    return found


def _print_cluster(wiring: Wiring, name: str, cluster: Cluster, *, as_json: bool) -> None:
    members = [each for each in cluster.member_ids if each != cluster.original_id]
    verdicts = {each: _verdict(wiring, each) for each in members}
    if as_json:
        json_line(
            {
                "partition": name,
                "original": cluster.original_id,
                "size": cluster.size,
                "members": [{"document_id": each, **verdicts[each]} for each in members],
            }
        )
    else:
        display(_members_table(cluster, verdicts))
        remark(f"{counted(cluster.size, 'document')} in partition {name}")


def _original_of(document_id: str, cluster: Cluster) -> str:
    """Return the original to compare a document with; without one the command ends."""
    if cluster.original_id is None:
        fail(Exit.FAILURE, f"the original of {document_id!r} was forgotten: nothing to compare")
    if cluster.original_id == document_id:
        others = [each for each in cluster.member_ids if each != document_id]
        if not others:
            fail(Exit.FAILURE, f"no document repeats {document_id!r}: nothing to compare")
        fail(
            Exit.FAILURE,
            f"{document_id!r} is the original; compare a duplicate with it: "
            f"fanmill duplicates {others[0]} --diff",
        )
    return cluster.original_id


def _verdict(wiring: Wiring, document_id: str) -> dict[str, object]:
    stored = wiring.records.get(document_id)
    if stored is None or stored.result is None:
        return {}
    judged = stored.result.deduplication
    return {
        "verdict": judged.verdict,
        "similarity": judged.similarity,
        "containment": judged.containment,
        "decided_by": judged.decided_by,
    }


def _members_table(cluster: Cluster, verdicts: dict[str, dict[str, object]]) -> Table:
    from fanmill.cli.short_ids import short_ids
    from fanmill.cli.tables import add_row, listing

    ids = short_ids([cluster.original_id or "", *verdicts], stdout().width // 3)
    table = listing(
        "document",
        "verdict",
        "similarity",
        "containment",
        "decided by",
        numbers={"similarity", "containment"},
    )
    if cluster.original_id is not None:
        add_row(table, ids[cluster.original_id], "original", "", "", "")
    for name, judged in verdicts.items():
        add_row(
            table,
            ids[name],
            judged.get("verdict") or "",
            _share(judged.get("similarity")),
            _share(judged.get("containment")),
            judged.get("decided_by") or "",
        )
    return table


def _share(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else ""
