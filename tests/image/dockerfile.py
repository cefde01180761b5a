"""The Dockerfile, executed in folders instead of layers: what a build does, without Docker.

Understands the instructions that fanmill's file uses, and refuses others. The base image is a
Debian of the same release made by debootstrap, with its own Python in /usr/local.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

_PASSED_ON = ("LABEL", "HEALTHCHECK", "STOPSIGNAL", "CMD", "USER", "ENTRYPOINT")


@dataclass
class Stage:
    """A stage of the build: its root folder and the settings of its image."""

    root: Path
    workdir: str = "/"
    environment: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def entrypoint(self) -> list[str]:
        """The words of ENTRYPOINT."""
        words: list[str] = json.loads(self.settings["ENTRYPOINT"])
        return words

    @property
    def user(self) -> str:
        """User and group as numbers."""
        return self.settings["USER"]


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile: name and the rest, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    pairs = (line.split(None, 1) for line in joined.splitlines() if line.strip())
    return [(name, rest.strip()) for name, rest in pairs]


def build(project: Path, base: Path, work: Path) -> Stage:
    """Execute `deploy/Dockerfile` and return its last stage.

    Args:
        project: The build context.
        base: Root folder of the base image; it is copied.
        work: Folder for the stages.
    """
    stages: dict[str, Stage] = {}
    current: Stage | None = None
    text = (project / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    for name, rest in instructions(text):
        if name == "FROM":
            label = rest.partition(" AS ")[2] or str(len(stages))
            root = work / label
            subprocess.run(["cp", "-a", "--reflink=auto", base, root], check=True)
            current = stages[label] = Stage(root)
        elif current is None:
            raise ValueError(f"{name} before FROM")
        elif name == "WORKDIR":
            current.workdir = rest
            (current.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif name == "ENV":
            current.environment |= dict(word.split("=", 1) for word in shlex.split(rest))
        elif name == "COPY":
            *sources, target = rest.split()
            for source in sources:
                _copy(project / source, current, target)
        elif name == "RUN":
            _run(rest, current, stages, project)
        elif name in _PASSED_ON:
            current.settings[name] = rest
        else:
            raise ValueError(f"the instruction {name} is not known here")
    assert current is not None
    return current


def _copy(source: Path, stage: Stage, target: str) -> None:
    place = stage.root / stage.workdir.lstrip("/") / target
    if source.is_dir():
        shutil.copytree(source, place, dirs_exist_ok=True)
    else:
        shutil.copy(source, place / source.name if place.is_dir() else place)


def _run(command: str, stage: Stage, stages: dict[str, Stage], project: Path) -> None:
    """Execute a shell command in the root; bind mounts are copies that are removed again."""
    mounted: list[Path] = []
    while match := re.match(r"--mount=(\S+)\s+", command):
        options = dict(part.split("=", 1) for part in match[1].split(","))
        assert options["type"] == "bind", match[0]
        origin = stages[options["from"]].root if "from" in options else project
        source = origin / options["source"].lstrip("/")
        target = stage.root / options["target"].lstrip("/")
        _copy(source, stage, str(target))
        mounted.append(target)
        command = command[match.end() :]
    environment = {
        "PATH": "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin",
        "DEBIAN_FRONTEND": "noninteractive",
        **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
        **stage.environment,
    }
    inside = f"cd {shlex.quote(stage.workdir)} && {command}"
    subprocess.run(["chroot", stage.root, "/bin/sh", "-c", inside], env=environment, check=True)
    for target in mounted:
        shutil.rmtree(target) if target.is_dir() else target.unlink()
