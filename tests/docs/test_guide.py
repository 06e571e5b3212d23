"""Each picture of the guide is shown by a page of it, says in words what is on it, and is small."""

import re
from pathlib import Path

GUIDE = Path("docs/guide")
SHOWN = [
    found
    for page in GUIDE.glob("*.md")
    for found in re.findall(r"!\[([^\]]*)\]\(pictures/([^)]+)\)", page.read_text("utf-8"))
]


def test_every_picture_is_shown_and_said_in_words():
    assert all(len(words) > 10 for words, _ in SHOWN)
    assert {path.name for path in (GUIDE / "pictures").iterdir()} == {name for _, name in SHOWN}


def test_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in (GUIDE / "pictures").iterdir()}
    assert {name: size for name, size in sizes.items() if size > 60_000} == {}
