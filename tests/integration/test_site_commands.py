"""The commands of `docs/how-to/keep-a-site.md`, run as they stand there: seed, back up, lose everything, restore."""

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pgtemp import TempPostgres

pytestmark = pytest.mark.integration
PAGE = Path("docs/how-to/keep-a-site.md")
OPENPOEMS = Path(sys.executable).with_name("openpoems")


class Site:
    """A site in a folder, driven by its commands."""

    def __init__(self, folder, url=None):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        left = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        }
        self.env = (
            left | {"OPENPOEMS_DEMO": "yes", "OPENPOEMS_DATA": str(folder)} | ({"DATABASE_URL": url} if url else {})
        )

    def run(self, *arguments, code=0):
        done = subprocess.run(
            [OPENPOEMS, "site", *arguments],
            check=False,
            env=self.env,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def python(self, *arguments):
        command = [sys.executable, "-m", "tests.integration.faults", *arguments]
        return subprocess.run(command, env=self.env, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def postgresql():
    with TempPostgres() as server:
        yield server.url()


def commands_of(heading):
    section = PAGE.read_text("utf-8").partition(f"## {heading}")[2].partition("\n## ")[0]
    return [shlex.split(line) for line in re.findall(r"^\$ openpoems site (.*)$", section, re.M)]


def test_the_page_from_its_beginning_to_the_drill_and_into_the_other_database(tmp_path, postgresql):
    first = Site(tmp_path / "sqlite")
    for command in commands_of("Begin"):
        first.run(*command)
    first.python("seed")
    for command in commands_of("Back up"):
        first.run(*command)
    head = re.search(r"ends with (\d+:[0-9a-f]{64})", first.run("audit", "verify"))[1]
    first.python("work", "erasure")  # erases sixty people after the backup was made

    second = Site(tmp_path / "postgresql", postgresql)
    for name in ("identity-keys.json", "erasures.jsonl", "site-monday.backup"):
        shutil.copy(first.folder / name, second.folder / name)
    said = "".join(second.run(*command) for command in commands_of("Restore, and try it before you need it"))
    assert "erased again: 60 records" in said
    assert "whole: " in second.run("audit", "verify", "--expect", head)
    assert json.loads(second.python("check"))["faults"] == []

    for command in commands_of("Change the keys"):
        second.run(*command)
    second.run("backup", "back.backup")
    third = Site(tmp_path / "sqlite-again")
    for name in ("identity-keys.json", "erasures.jsonl", "back.backup"):
        shutil.copy(second.folder / name, third.folder / name)
    third.run("migrate")
    assert "erased again: 0 records" in third.run("restore", "back.backup")
    assert "NOT WELL" not in third.run("check")
    third.run("restore", "back.backup", code=1)


def test_what_is_wrong_is_said_with_its_mend_and_an_exit_code(tmp_path):
    site = Site(tmp_path / "site")
    assert "site migrate" in site.run("backup", "b", code=3)
    site.run("migrate")
    assert "no such file" in site.run("restore", "nothing.backup", code=1)
    assert "SEQ:HASH" in site.run("audit", "verify", "--expect", "x", code=2)
    assert "expected one is entry 7" in site.run("audit", "verify", "--expect", "7:" + "0" * 64, code=1)
    assert "two letters" in site.run("create-centre", "x", "--name", "X", "--country", "1!", code=1)
    (site.folder / "identity-keys.json").chmod(0o644)
    assert "NOT WELL keys" in site.run("check", code=1)
    site.env["OPENPOEMS_DEMO"] = "no"
    assert "OPENPOEMS_SECRET_KEY" in site.run("check", code=3)
    assert len(site.run("secret").strip()) >= 50


def test_every_command_explains_itself_without_a_site(tmp_path):
    env = {"PATH": os.environ["PATH"]}
    listed = subprocess.run([OPENPOEMS, "site", "--help"], env=env, capture_output=True, text=True, check=True).stdout
    names = re.findall(r"^  ([a-z-]+)  ", listed, re.M)
    assert len(names) >= 11
    for name in names:
        subprocess.run([OPENPOEMS, "site", name, "--help"], env=env, cwd=tmp_path, capture_output=True, check=True)


def test_an_invitation_is_sent_once_it_names_a_role_and_its_place(tmp_path):
    site = Site(tmp_path / "site")
    site.run("migrate")
    at = ("--site", "https://poems.example.org/")
    said = site.run("invite", "ada@example.org", "--role", "administrator", *at)
    assert "To: ada@example.org" in said  # a demo's mail is printed
    assert "https://poems.example.org/invitations/" in said
    assert "Choose a centre" in site.run("invite", "ada@example.org", "--role", "lead", *at, code=2)
    assert "role:" in site.run("invite", "ada@example.org", "--role", "queen", *at, code=2)
    site.run("create-centre", "northtown", "--name", "Northtown Clinic", "--country", "GB")
    site.run("invite", "ada@example.org", "--role", "lead", "--centre", "northtown", *at)
    with sqlite3.connect(next(site.folder.glob("*.sqlite3"))) as database:
        logged = database.execute(
            "SELECT actor, via FROM audit_entry WHERE place = 'accounts_invitation' AND action = 'insert'"
        ).fetchall()
    assert logged == [("command:invite", "command")] * 2
