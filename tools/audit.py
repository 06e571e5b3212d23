"""Ask whether anything that a site installs (`requirements/web.lock`) has a known vulnerability.

pip-audit ends well, saying that nothing was found, also where its service could not answer for a single package. So
its answers are counted here: what was not answered for is said plainly. Without an answer the step passes, since
a machine behind a wall must be able to work, and says NOT AUDITED; with `OPENPOEMS_AUDIT=required`, as for a release,
it fails.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "web.lock"
BIN = Path(sys.executable).parent
TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class Audit:
    """How many packages were asked about, how many were answered for, and one line for each vulnerability."""

    asked: int
    answered: int
    vulnerabilities: tuple[str, ...]

    def verdict(self, *, required: bool) -> tuple[int, str]:
        """The exit code, and the sentence that says what was and what was not found out."""
        if self.vulnerabilities:
            return 1, "\n".join((*self.vulnerabilities, f"{len(self.vulnerabilities)} known vulnerabilities"))
        if not self.answered or self.answered < self.asked:
            silent = f"NOT AUDITED: the advisory service answered for {self.answered} of {self.asked} packages"
            return int(required), silent
        return 0, f"no known vulnerability in {self.answered} packages"


def pinned(lock: str) -> int:
    """How many packages a lock names."""
    return sum("==" in line and not line.startswith((" ", "#")) for line in lock.splitlines())


def read(report: str, asked: int) -> Audit:
    """What pip-audit's JSON says; nothing was answered where it is none."""
    try:
        rows: Sequence[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Audit(asked, 0, ())
    answered = [row for row in rows if "skip_reason" not in row]
    found = [f"{row['name']} {row['version']}: {each['id']}" for row in answered for each in row.get("vulns", ())]
    return Audit(len(rows) or asked, len(answered), tuple(found))  # it leaves out what this system does not install


def ask() -> str:
    """pip-audit's report as JSON; "" where it gave none in time."""
    options = ["--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off", "--timeout=10"]
    command = [str(BIN / "pip-audit"), "--requirement", str(LOCK), *options]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT_S).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def main() -> int:
    """Ask and tell."""
    audit = read(ask(), pinned(LOCK.read_text("utf-8")))
    code, sentence = audit.verdict(required=os.environ.get("OPENPOEMS_AUDIT") == "required")
    print(sentence)
    return code


if __name__ == "__main__":
    sys.exit(main())
