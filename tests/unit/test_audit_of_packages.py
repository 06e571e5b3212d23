"""The step of `make check` that asks for known vulnerabilities: it must not call silence an answer."""

import importlib.util
import json
from pathlib import Path

import pytest

_PATH = Path(__file__).resolve().parents[2] / "tools" / "audit.py"
_SPEC = importlib.util.spec_from_file_location("audit_tool", _PATH)
audit = importlib.util.module_from_spec(_SPEC)


@pytest.fixture(autouse=True, scope="module")
def _loaded():
    import sys

    sys.modules["audit_tool"] = audit  # dataclasses look their module up
    _SPEC.loader.exec_module(audit)
    yield
    del sys.modules["audit_tool"]


CLEAN = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}
SILENT = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("report", "required", "code", "told"),
    [
        ([CLEAN, CLEAN], False, 0, "no known vulnerability in 2 packages"),
        ([CLEAN, BAD], False, 1, "b 2: PYSEC-1\nb 2: PYSEC-2\n2 known vulnerabilities"),
        ([SILENT, BAD], False, 1, "b 2: PYSEC-1\nb 2: PYSEC-2\n2 known vulnerabilities"),
        ([CLEAN, SILENT], False, 0, "NOT AUDITED: the advisory service answered for 1 of 2 packages"),
        ([SILENT], True, 1, "NOT AUDITED: the advisory service answered for 0 of 1 packages"),
        ([], False, 0, "NOT AUDITED: the advisory service answered for 0 of 7 packages"),
    ],
)
def test_what_was_not_answered_is_not_called_safe(report, required, code, told):
    read = audit.read(json.dumps({"dependencies": report}), asked=7)
    assert read.verdict(required=required) == (code, told)


@pytest.mark.parametrize("report", ["", "no json", "[]", "{}"])
def test_no_report_is_no_answer(report):
    assert audit.read(report, asked=7) == audit.Audit(7, 0, ())


def test_every_package_of_the_lock_is_counted():
    assert audit.pinned("a==1 \\\n    --hash=sha256:0==\n# b==2\nc==3\n") == 2
