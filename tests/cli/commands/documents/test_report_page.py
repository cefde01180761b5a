"""`fanmill report`, and `fanmill run --report`."""

import gzip
from contextlib import closing
from json import dumps

import pytest

import store_samples
from fanmill.ports import CompletedEntry
from fanmill.stores.opening import open_store
from report_records import analysed, record, rejection

TEXT = "The ferry leaves at eight. It carries forty people and one goat. Nobody minds the goat. "


@pytest.fixture
def results(tmp_path):
    lines = [
        analysed("a"),
        analysed("b", language="de"),
        record("c", original="a"),
        {"rejected": rejection()},
        {"not_read": {"place": "x.bin", "error": "is not UTF-8"}},
    ]
    path = tmp_path / "results.jsonl"
    path.write_text("".join(dumps(each) + "\n" for each in lines))
    return path


def test_a_results_file_becomes_a_page(fanmill, tmp_path, results):
    done = fanmill("report", results.name)
    assert (done.code, done.out) == (0, "")
    assert "report: report.html (3 documents, 1 rejected)" in done.err
    page = (tmp_path / "report.html").read_text()
    assert "x.bin" in page
    packed = tmp_path / "results.jsonl.gz"
    packed.write_bytes(gzip.compress(results.read_bytes()))
    again = fanmill("report", packed.name, "--output", "again.html")
    assert again.code == 0
    assert [each.name for each in tmp_path.glob("*.new")] == []


def test_json_gives_the_numbers_and_writes_no_page(fanmill, tmp_path, results):
    done = fanmill("report", results.name, "--json")
    (view,) = done.rows
    assert (view["documents"], view["duplicates"], view["rejections"]) == (3, 1, 1)
    assert (view["not_read"], view["subject"]) == (1, "results.jsonl")
    assert view["clusters"][0]["cluster"]["original"] == "a"
    assert not (tmp_path / "report.html").exists()


def test_files_with_texts_show_what_near_duplicates_share(fanmill, tmp_path, results):
    lines = [{"id": "a", "text": TEXT + "Ah."}, {"id": "c", "text": TEXT + "Oh."}]
    (tmp_path / "texts.jsonl").write_text("\n".join(map(dumps, lines)))
    done = fanmill("report", results.name, "--text", "texts.jsonl", "--json")
    found = done.rows[0]["clusters"][0]["comparison"]
    assert (found["document_id"], found["shared_sentences"], found["sentences"]) == ("c", 3, 4)


def test_an_empty_file_makes_a_page_that_says_what_to_do(fanmill, tmp_path):
    (tmp_path / "none.jsonl").write_text("")
    assert fanmill("report", "none.jsonl").code == 0
    assert "fanmill run FILES" in (tmp_path / "report.html").read_text()


def test_what_is_wrong_is_named(fanmill, tmp_path, results):
    (tmp_path / "other.jsonl").write_text('{"id": "a", "text": "One."}\n')
    other = fanmill("report", "other.jsonl")
    assert (other.code, "other.jsonl:1 is no result of fanmill run" in other.err) == (2, True)
    assert fanmill("report", "missing.jsonl").code == 2
    nowhere = fanmill("report", results.name, "--output", "no/where.html")
    assert (nowhere.code, "there is no folder 'no'" in nowhere.err) == (2, True)
    with results.open("a") as lines:
        lines.write('{"document_id": "d", "eve')
    cut = fanmill("report", results.name, "--json")
    assert (cut.code, cut.rows[0]["documents"]) == (0, 3)
    assert "last line is not whole" in cut.err


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    """A store with three records and a rejection; in SQLite as of `fanmill up --data data`."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    else:
        (tmp_path / "data").mkdir()
        url = f"sqlite:///{tmp_path / 'data' / 'results.sqlite'}"
    with closing(open_store(url, create=True)) as store:
        records = [
            store_samples.record("a", title="The flood"),
            store_samples.record("b", lang="de"),
            store_samples.record("c", seconds=9, duplicate_of="a"),
        ]
        entries = [
            CompletedEntry.of_result(store_samples.entry_id(n), each)
            for n, each in enumerate(records)
        ]
        store.save([*entries, store_samples.rejected(1)])
    return url


def test_a_store_becomes_a_page(fanmill, tmp_path, store):
    places = [("--store", store)]
    if store.startswith("sqlite"):
        places.append(("--data", "data"))
    for place in places:
        (view,) = fanmill("report", *place, "--json").rows
        assert (view["documents"], view["rejections"], view["duplicates"]) == (3, 1, 1)
        cluster = view["clusters"][0]["cluster"]
        assert (cluster["original"], cluster["title"]) == ("a", "The flood")
        assert [each["document_id"] for each in cluster["members"]] == ["c"]
    fanmill.environment["FANMILL_STORE_URL"] = store
    assert fanmill("report").code == 0
    assert "The flood" in (tmp_path / "report.html").read_text()


def test_a_filter_limits_a_report_to_records(fanmill, store):
    done = fanmill("report", "--store", store, "--where", "lang:de", "--json")
    (view,) = done.rows
    assert (view["documents"], view["rejections"], view["clusters"]) == (1, 0, [])
    assert view["subject"].endswith(": lang:de (without rejections)")
    assert "rejections are left out" in done.err
    wrong = fanmill("report", "--store", store, "--where", "colour:red")
    assert (wrong.code, "colour" in wrong.err) == (2, True)


def test_a_report_needs_one_place(fanmill, store, results):
    nothing = fanmill("report")
    assert (nothing.code, "--data DIR" in nothing.err) == (2, True)
    assert fanmill("report", results.name, "--store", store).code == 2
    assert fanmill("report", results.name, "--where", "lang:de").code == 2
    missing = fanmill("report", "--data", "elsewhere")
    assert (missing.code, "cannot be opened" in missing.err) == (3, True)


def test_a_run_ends_with_its_page(fanmill, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT * 2 + "The captain sings on Sundays and plays the horn.")
    (tmp_path / "b.txt").write_text(TEXT * 2 + "The captain sings on Mondays and plays the horn.")
    refused = fanmill("run", "a.txt", "--report", "no/where.html")
    assert refused.code == 2
    done = fanmill("run", "a.txt", "b.txt", "--processes", "1", "--report", "run.html")
    assert done.code == 0, done.err
    assert done.err.splitlines()[-1] == "report: run.html (2 documents)"
    assert "fanmill run a.txt b.txt" in (tmp_path / "run.html").read_text()
    assert sorted(each.name for each in tmp_path.glob("*.jsonl")) == []
