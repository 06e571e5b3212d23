"""Run every check on the code, also after one fails, and count the failures.

`make check` runs it inside `.venv`. The exit code is 0 when all passed and 1 otherwise.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STEPS = (
    ("format", ["ruff", "format", "--check", "--output-format=concise", "."]),
    ("lint", ["ruff", "check", "."]),
    ("types", ["mypy"]),
    ("imports", ["lint-imports", "--no-logo"]),
    ("knowledge", ["openpoems", "knowledge", "check"]),
    ("docs", ["python", "tools/docs.py", "--check"]),
    ("messages", ["python", "tools/messages.py", "--check"]),
    (
        "migrations",
        ["python", "-m", "django", "makemigrations", "--check", "--dry-run", "--settings=tests.site_settings"],
    ),
    ("packages", ["uv", "pip", "check", "--quiet", "--python", sys.executable]),
    ("audit", ["python", "tools/audit.py"]),
)


def passes(name: str, command: list[str]) -> bool:
    """Run one step, a program of this environment; say how it went and how long it took."""
    print(f"== {name}", flush=True)
    program, *arguments = command
    began = time.perf_counter()
    try:
        code = subprocess.run([str(BIN / program), *arguments], cwd=ROOT, check=False).returncode
    except OSError as problem:
        print(f"cannot run {program}: {problem.strerror}")
        code = 1
    taken_s = time.perf_counter() - began
    print(f"== {name}: {'passed' if code == 0 else 'FAILED'} in {taken_s:.1f} s", flush=True)
    return code == 0


def main() -> int:
    """Run all steps; print which failed and how many."""
    failed = [name for name, command in STEPS if not passes(name, command)]
    summary = f": {', '.join(failed)}" if failed else ""
    print(f"check: {len(STEPS)} checks, {len(failed)} failed{summary}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
