"""Check of the store of record: whether it can be reached, with a schema that fits."""

from fanmill.ops.doctor.result import CheckResult
from fanmill.ports.store import StoreError
from fanmill.settings import Settings
from fanmill.stores.opening import open_store


def judge_store(settings: Settings) -> CheckResult:
    """Return a failed check if the store does not answer, or needs a migration.

    Without `FANMILL_STORE_URL` there is nothing to check.
    """
    url = settings.store_url.get_secret_value()
    if not url:
        return CheckResult("store", "ok", "none; records stay in Redis only")
    try:
        store = open_store(url)
        try:
            info = store.info()
        finally:
            store.close()
    except StoreError as error:
        return CheckResult("store", "error", str(error), "fanmill store info; deploy/stores.md")
    seen = f"{info.kind} {info.server}, schema {info.schema_version}, {info.records:,} records"
    if info.schema_version < info.wanted_schema_version:
        return CheckResult(
            "store",
            "error",
            f"{seen}; this program needs schema {info.wanted_schema_version}",
            "fanmill store migrate",
        )
    if info.facets_version != info.wanted_facets_version:
        state = f"anew, {info.facets_rebuild}" if info.facets_rebuild else info.facets_version
        return CheckResult(
            "store",
            "error",
            f"{seen}; its search index is {state}, this program needs {info.wanted_facets_version}",
            "fanmill store migrate",
        )
    return CheckResult("store", "ok", seen)
