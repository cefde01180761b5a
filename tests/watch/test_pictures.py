"""The pictures of the documents: all there, small, and without anything of another host."""

import re

import pytest

from watch.pictures import FOLDER, MAX_BYTES, cleaned, names


def test_the_folder_has_the_pictures_and_nothing_else() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(names())


@pytest.mark.parametrize("name", names())
def test_a_picture_is_small_and_needs_no_other_host(name: str) -> None:
    svg = (FOLDER / name).read_text(encoding="utf-8")
    assert len(svg.encode()) < MAX_BYTES
    assert "url(http" not in svg
    assert set(re.findall(r'https?://[^\s"<]+', svg)) <= {
        "http://www.w3.org/2000/svg", "https://www.textualize.io",
    }  # fmt: skip
    assert cleaned(svg) == svg
    assert "verview" in svg, "its letter is underlined, and a text of its own"
    assert "WARNING" in svg
