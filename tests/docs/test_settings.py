import re
from pathlib import Path

import openpoems

SOURCE = Path(openpoems.__file__).parent / "web"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "site.md"
NAME = re.compile(r"OPENPOEMS_[A-Z_]+|DATABASE_URL")


def test_the_page_lists_every_setting_that_a_site_reads_and_no_other():
    calls = re.compile(rf"env\.\w+\(\"({NAME.pattern})\"")
    read = {name for path in SOURCE.rglob("*.py") for name in calls.findall(path.read_text("utf-8"))}
    assert len(read) > 15
    told = set(NAME.findall(PAGE.read_text("utf-8"))) - {"OPENPOEMS_AUDIT"}  # of make check
    assert told == read
