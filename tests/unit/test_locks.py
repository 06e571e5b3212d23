import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[^\s;]+( ; [^\\]+)?")


def requirements(lock: Path) -> list[str]:
    """Each requirement as one logical line: its continuation lines joined, comments left out."""
    lines = [line for line in lock.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [line for line in "\n".join(lines).replace("\\\n", " ").splitlines() if line.strip()]


def test_the_locks_are_there():
    assert [lock.stem for lock in LOCKS] == ["core", "test", "web"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_holds_no_address(lock):
    text = lock.read_text("utf-8")
    assert "://" not in text
    # neither an option such as --index-url, nor a requirement that is a direct reference
    assert not re.findall(r"(?m)^\s*(?:-|[\w-]+ @ )(?!-hash=)", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_requirement_is_pinned_and_has_hashes(lock):
    found = requirements(lock)
    assert found
    for requirement in found:
        pinned, *hashes = re.split(r"\s+--hash=", requirement)
        assert REQUIREMENT.fullmatch(pinned), requirement
        assert hashes, f"{pinned} has no hash"
        for digest in hashes:
            assert re.fullmatch(r"sha256:[0-9a-f]{64}", digest.strip()), pinned


def test_each_lock_holds_the_smaller_one():
    core, test, web = (set(requirements(lock)) for lock in LOCKS)
    assert core <= web <= test
