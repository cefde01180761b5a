import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.document import Document
from fanmill.core.rules.parser import parse_rule
from fanmill.core.rules.rule import RawRule, RuleError
from fanmill.core.rules.ruleset import Ruleset
from fanmill.core.tagging.document_view import DocumentView
from fanmill.taggers.rules_file import LiveRules, parse_rules
from fork_server import run


def values(rule: dict[str, object], text: str, **fields: object) -> list[str]:
    rules = Ruleset([parse_rule(RawRule({"tag": "t", **rule}, 1), 0, "rules.yaml")], "v")
    return [tag.value for tag in rules.match(DocumentView(Document("d", text, **fields)))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "text", "holds"),
    [
        ({"any": ["harbour bridge"]}, "The Harbour  Bridge's lamps", True),
        ({"any": ["harbour bridge"]}, "The harbour and its bridge", False),
        ({"any": "bridge"}, "bridges", False),
        ({"any": "bridge", "bounded": False}, "footbridges", True),
        ({"all": ["bridge", "river"]}, "a river, a bridge", True),
        ({"all": ["bridge", "river"]}, "a bridge", False),
        ({"all": ["bridge"], "not": ["toll"]}, "a bridge with a toll", False),
        ({"all": ["bridge"], "any": ["old", "new"]}, "a new bridge", True),
        ({"all": ["bridge"], "any": ["old", "new"]}, "a bridge", False),
        ({"any": "IT", "case": True}, "Jobs in IT", True),
        ({"any": "IT", "case": True}, "it is", False),
        ({"any": "大桥"}, "港口大桥重新开放", True),
        ({"near": {"terms": ["bridge", "closed"], "within": 3}}, "the bridge is now closed", True),
        ({"near": {"terms": ["bridge", "closed"], "within": 2}}, "the bridge is now closed", False),
        ({"near": {"terms": ["大桥", "关闭"], "within": 5}}, "大桥今日关闭", True),
        ({"regex": r"INV-\d{4}"}, "see INV-0042", True),
        ({"regex": r"INV-\d{4}", "all": ["unpaid"]}, "see INV-0042", False),
        ({"regex": ["a+", "b+"]}, "aa", False),
        ({"where": ["words > 3"]}, "one two three four", True),
        ({"where": ["words > 4"]}, "one two three four", False),
        ({"where": ["mean_word_length > 1"]}, "", False),
        ({"where": ["language == en"], "any": "bridge"}, "The bridge is open again.", True),
    ],
)
def test_a_rule_holds_or_not(rule: dict[str, object], text: str, holds: bool) -> None:
    assert values(rule, text) == (["t"] if holds else [])


def test_fields_beside_the_text_are_searched_when_named() -> None:
    assert values({"any": "bridge"}, "", title="A bridge") == ["t"]
    assert values({"any": "bridge", "in": ["text"]}, "", title="A bridge") == []
    assert values({"any": "sport", "in": ["url"]}, "", url="https://example.org/sport/1") == ["t"]
    section = {"section": "Sport", "paid": True, "rank": 3}
    assert values({"any": "sport", "in": ["metadata.section"]}, "", metadata=section) == ["t"]
    assert values({"where": ["metadata.rank >= 3"]}, "", metadata=section) == ["t"]
    assert values({"where": ["source startswith /crawler"]}, "", source="/crawler/eu") == ["t"]
    assert values({"where": ["metadata.section in [News, Sport]"]}, "", metadata=section) == ["t"]


def test_of_a_group_the_highest_priority_alone_stands() -> None:
    raws = [
        {"tag": "water", "any": "river", "group": "place"},
        {"tag": "harbour", "any": "harbour", "group": "place", "priority": 5},
        {"tag": "free", "any": "river", "score": 0.4, "reason": "a river is named"},
    ]
    rules = Ruleset([parse_rule(RawRule(raw, 1), at, "r") for at, raw in enumerate(raws)], "v")
    tags = rules.match(DocumentView(Document("d", "the river at the harbour")))
    assert [tag.value for tag in tags] == ["harbour", "free"]
    assert (tags[1].score, tags[1].reason, tags[1].score_kind) == (0.4, "a river is named", "rule")


def test_evidence_stands_where_the_terms_stand() -> None:
    rule = {"tag": "t", "any": ["harbour bridge", "桥"], "regex": "INV-[0-9]+"}
    text = "😀 The Harbour\nbridge, 桥 INV-12"
    (tag,) = Ruleset([parse_rule(RawRule(rule, 1), 0, "r")], "v").match(
        DocumentView(Document("d", text))
    )
    assert [text[start:end] for start, end in tag.spans] == ["Harbour\nbridge", "桥", "INV-12"]


def test_a_regex_that_would_run_for_ever_elsewhere_is_linear() -> None:
    assert values({"regex": "(a+)+$b"}, "a" * 100_000 + "!") == []


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("rules:\n- tag: a\n  anny: [x]\n", 3, "unknown key 'anny'"),
        ("rules:\n- tag: a\n  any: [x]\n- tag: b\n", 4, "asks for nothing"),
        ("rules:\n- tag: a\n\n  regex: '(?=x)'\n", 4, "RE2 syntax"),
        ("rules:\n- tag: a\n  where: ['wrods > 5']\n", 3, "unknown name 'wrods'"),
        ("rules:\n- tag: a\n  where: ['words > five']\n", 3, "with no number"),
        ("rules:\n- tag: a\n  any: [x]\n  score: 2\n", 4, "expected 0 to 1"),
        ("rules:\n- tag: a\n  any: [x]\n  in: [body]\n", 4, "unknown field 'body'"),
        ("rules:\n- tag: a\n  near: {terms: [x], within: 3}\n", 3, "two terms or more"),
        ("rules: [\n", 2, "no YAML"),
        ("rulez: []\n", 1, "unknown key 'rulez'"),
        ("rules:\n- tag: a\n  tag: b\n  any: [x]\n", 3, "occurs twice"),
    ],
)
def test_an_error_names_file_and_line(content: str, place: int, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rules(content.encode(), "r.yaml")
    assert str(caught.value).startswith(f"r.yaml:{place}: ")
    assert message in str(caught.value)


TOML = """
[[rules]]
tag = "a"
any = ["bridge"]

[[rules]]
tag = "b"
score = 7
any = ["x"]
"""


def test_toml_that_ends_too_early_is_wrong_at_its_end() -> None:
    with pytest.raises(RuleError, match=r"^r\.toml:3: no TOML"):
        parse_rules(b'[[rules]]\ntag = "x"\nany = ["a"\n', "r.toml")


def test_toml_says_the_same_with_its_own_lines() -> None:
    with pytest.raises(RuleError) as caught:
        parse_rules(TOML.encode(), "r.toml")
    assert str(caught.value).startswith("r.toml:8: score is 7")
    good = parse_rules(TOML.replace("score = 7", "score = 0.7").encode(), "r.toml")
    tags = good.rules.match(DocumentView(Document("d", "a bridge x")))
    assert {tag.value: tag.score for tag in tags} == {"a": 1.0, "b": 0.7}


def test_a_taxonomy_is_a_short_form_for_terms() -> None:
    content = "taxonomy:\n  sport/football: [world cup, offside]\n  'sport/chess': [gambit]\n"
    rules = parse_rules(content.encode(), "r.yaml").rules
    tags = rules.match(DocumentView(Document("d", "The world cup was offside.")))
    assert [(tag.namespace, tag.value) for tag in tags] == [("rule", "sport/football")]


def test_a_changed_file_is_read_again_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("taxonomy:\n  a: [bridge]\n")
    live = LiveRules(path)
    first = live.current()
    path.write_text("taxonomy:\n  bb: [bridge]\n")
    live.refresh()
    second = live.current()
    assert second.version != first.version
    assert [tag.value for tag in second.match(DocumentView(Document("d", "bridge")))] == ["bb"]
    path.write_text("taxonomy: 3\n")
    live.refresh()
    assert live.current() is second
    assert "rules.yaml:1: taxonomy wants" in live.problems[0].error
    path.write_text("taxonomy:\n  ccc: [bridge]\n")
    live.refresh()
    assert live.problems == ()


words = st.sampled_from(["bridge", "river", "toll", "lamp", "old", "new"])
texts_of_words = st.lists(words, max_size=12).map(" ".join)
term_lists = st.lists(st.one_of(words, st.tuples(words, words).map(" ".join)), max_size=3)


@given(st.lists(st.tuples(term_lists, term_lists, term_lists), max_size=8), texts_of_words)
def test_the_index_finds_what_looking_at_each_rule_finds(
    drawn: list[tuple[list[str], list[str], list[str]]], text: str
) -> None:
    """Against the plain definition, on padded text."""
    padded = f" {text} "

    def has(term: str) -> bool:
        return f" {term} " in padded

    expected, rules = [], []
    for number, (every, some, none) in enumerate(drawn):
        if not every and not some:
            continue
        raw = {"tag": str(number), "all": every, "any": some, "not": none}
        rules.append(parse_rule(RawRule(raw, 1), number, "r"))
        if all(map(has, every)) and (not some or any(map(has, some))) and not any(map(has, none)):
            expected.append(str(number))
    tags = Ruleset(rules, "v").match(DocumentView(Document("d", text)))
    assert [tag.value for tag in tags] == expected


def command(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return run(
        [sys.executable, "-m", "fanmill", *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )


def test_the_commands_check_and_test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(
        "taxonomy:\n  bridges: [bridge]\n"
        "tests:\n- text: the bridge\n  expect: [bridges]\n"
        "- text: the river\n  expect_not: [bridges]\n"
    )
    assert "1 rule, 2 tests, version" in command("rules", "check", str(path)).stdout
    passed = command("rules", "test", str(path))
    assert (passed.returncode, passed.stdout.splitlines()[-1]) == (0, f"{path}: 2 passed, 0 failed")
    path.write_text(path.read_text() + "- text: a lamp\n  expect: [bridges]\n")
    failed = command("rules", "test", str(path))
    assert failed.returncode == 1
    assert f"{path}:8: lacks 'bridges'" in failed.stdout
    tagged = command("tag", "-", "--json", "--rules", str(path), text="the bridge")
    assert '"value":"bridges"' in tagged.stdout
    path.write_text("rules: 3")
    assert f"{path}:1: rules is no list" in command("rules", "check", str(path)).stderr


def test_a_worker_does_not_start_with_rules_that_are_wrong(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("rules:\n- tag: a\n")
    done = run(
        [sys.executable, "-m", "fanmill", "worker", "--queues", "tag"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "FANMILL_RULES_FILE": str(path)},
    )
    assert done.returncode == 2
    assert f"{path}:2: rule 'a' asks for nothing" in done.stderr.replace("\n", "")
