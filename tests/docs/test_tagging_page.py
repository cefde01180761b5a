import re
from pathlib import Path

from fanmill.core.tagging.document_view import DocumentView
from fanmill.taggers.rules_file import parse_rules

PAGE = (Path(__file__).parents[2] / "worker/TAGGING.md").read_text(encoding="utf-8")


def test_the_rules_on_the_page_pass_the_tests_on_the_page() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    rules = parse_rules(block.encode(), "TAGGING.md")
    assert rules.rules.size == 3
    (example,) = rules.tests
    tags = {tag.value for tag in rules.rules.match(DocumentView(example.document))}
    assert tags == set(example.expect)
    assert not tags & set(example.expect_not)
