"""What the README shows is what the software prints, and what it links to is there."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from openpoems.cli.main import main

PAGES = [
    Path("README.md"),
    *sorted(Path().glob("*.md")),
    *sorted(Path("docs").rglob("*.md")),
    Path("examples/README.md"),
]


def test_the_transcript_of_the_readme_is_real():
    """Its lines stand in the real output, in this order; lines left out are left out in silence."""
    block = re.search(r"```console\n\$ openpoems (.*?)\n(.*?)```", Path("README.md").read_text(encoding="utf-8"), re.S)
    printed = CliRunner().invoke(main, shlex.split(block[1])).output.splitlines()
    at = 0
    for line in block[2].splitlines():
        assert line in printed[at:], line
        at = printed.index(line, at) + 1


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_to_a_file_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_readme_is_one_screen():
    assert len(Path("README.md").read_text(encoding="utf-8").splitlines()) <= 70
