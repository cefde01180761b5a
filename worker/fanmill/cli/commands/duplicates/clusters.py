"""`fanmill duplicates`, `fanmill clusters`, `fanmill forget`: documents in the index."""

from typing import Annotated

import typer
from rich.table import Table

from fanmill.cli.console import escaped, fail, guarded, json_line, load_settings, stderr, stdout
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.core.dedup.judgement import Cluster
from fanmill.wiring import CLI_RETRY_SECONDS, Wiring
from fanmill_contracts import DocumentResult

DocumentId = Annotated[str, typer.Argument(metavar="ID", help="The document's id.")]


@guarded
def duplicates(
    document_id: DocumentId,
    redis_url: RedisUrl = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Newest so many.")] = 1000,
    as_json: Json = False,
) -> None:
    """List the cluster that a document is in: its original and all that repeat it.

    Exit code 1 when the index does not know the document, or has forgotten it.

    Examples:

      fanmill duplicates harbour-bridge

      fanmill duplicates harbour-bridge --json | jq .members
    """
    wiring = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS)
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
    for name, cluster in found:
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
            stdout.print(_members_table(cluster, verdicts))
            stderr.print(f"{cluster.size:,} documents in partition {name}")


@guarded
def clusters(
    redis_url: RedisUrl = None,
    top: Annotated[int, typer.Option("--top", min=1, help="The largest so many.")] = 10,
    as_json: Json = False,
) -> None:
    """List the largest clusters of documents that repeat each other.

    Examples:

      fanmill clusters --top 20

      fanmill clusters --top 100 --json
    """
    index = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS).index
    found = [
        (name, cluster)
        for name in index.partitions()
        for cluster in index.opened(name, "adopt").largest_clusters(top)
    ]
    found.sort(key=lambda each: -each[1].size)
    table = Table()
    table.add_column("documents", justify="right")
    table.add_column("original", overflow="fold")
    table.add_column("partition", overflow="fold")
    for name, cluster in found[:top]:
        if as_json:
            json_line({"partition": name, "original": cluster.original_id, "size": cluster.size})
        table.add_row(f"{cluster.size:,}", escaped(cluster.original_id or "(forgotten)"), name)
    if as_json:
        return
    if found:
        stdout.print(table)
    else:
        stderr.print("no two documents repeat each other")


@guarded
def forget(document_id: DocumentId, redis_url: RedisUrl = None, as_json: Json = False) -> None:
    """Remove a document from the duplicate index and from the results.

    What has been announced stays announced, and rejected events keep their original
    (fanmill rejected drop). The same event stays known: publish it with --anew to bring the
    document back. Exit code 1 when nothing was known of it.

    Examples:

      fanmill forget harbour-bridge

      fanmill forget harbour-bridge --json
    """
    wiring = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS)
    done = {
        "index": wiring.index.forget(document_id),
        "results": wiring.records.forget(document_id),
    }
    if as_json:
        json_line({"document_id": document_id, **done})
    if not any(done.values()):
        fail(Exit.FAILURE, f"nothing is known of document {document_id!r}")
    if not as_json:
        places = " and ".join(place for place, was_there in done.items() if was_there)
        stderr.print(f"forgot {escaped(document_id)}: {places}")


def _verdict(wiring: Wiring, document_id: str) -> dict[str, object]:
    stored = wiring.records.get(document_id)
    result: DocumentResult | None = None if stored is None else stored.result
    if result is None:
        return {}
    judged = result.deduplication
    return {
        "verdict": judged.verdict,
        "similarity": judged.similarity,
        "containment": judged.containment,
        "decided_by": judged.decided_by,
    }


def _members_table(cluster: Cluster, verdicts: dict[str, dict[str, object]]) -> Table:
    table = Table()
    table.add_column("document", overflow="fold")
    for name in ("verdict", "similarity", "containment", "decided by"):
        table.add_column(name, justify="left" if name in ("verdict", "decided by") else "right")
    if cluster.original_id is not None:
        table.add_row(escaped(cluster.original_id), "original", "", "", "")
    for name, judged in verdicts.items():
        table.add_row(
            escaped(name),
            str(judged.get("verdict") or ""),
            _share(judged.get("similarity")),
            _share(judged.get("containment")),
            str(judged.get("decided_by") or ""),
        )
    return table


def _share(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else ""
