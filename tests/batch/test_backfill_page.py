"""Code of the page on back-fills: the sample that needs no engine runs, the others compile."""

import re
from pathlib import Path

import yaml

PAGE = (Path(__file__).parents[2] / "deploy/BACKFILL.md").read_text(encoding="utf-8")


def test_the_sample_of_the_mill_runs(capsys):
    samples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    for sample in samples:
        compile(sample, "BACKFILL.md", "exec")
    exec(samples[0], {})  # noqa: S102  our own page
    assert capsys.readouterr().out.startswith("a-1 {'language': 'en'")


def test_the_job_gives_each_pod_its_shard():
    (manifest,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    spec = yaml.safe_load(manifest)["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    assert spec["completionMode"] == "Indexed"
    assert f"--shard $JOB_COMPLETION_INDEX/{spec['completions']}" in container["args"][0]
