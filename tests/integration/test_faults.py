"""A process that is killed in the middle of its work leaves nothing half done, on either database."""

import json
import os
import random
import subprocess
import sys
import time

import pytest

from tests.pgtemp import TempPostgres

pytestmark = pytest.mark.integration
KILLS = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, tmp_path):
    """The environment of a fresh site with something to work on."""
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    env |= {"OPENPOEMS_DEMO": "yes", "OPENPOEMS_DATA": str(tmp_path)}
    if request.param == "sqlite":
        yield _seeded(env)
        return
    with TempPostgres() as server:
        yield _seeded(env | {"DATABASE_URL": server.url()})


def _seeded(env):
    from openpoems.cli import main

    code = f"from {main.__name__} import main; main(['site', 'migrate'])"
    subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True)
    _faults(env, "seed")
    return env


def _faults(env, *arguments):
    command = [sys.executable, "-m", "tests.integration.faults", *arguments]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


def _kill_amid(env, work, turns, after_s):
    command = [sys.executable, "-m", "tests.integration.faults", "work", work]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        for line in process.stdout:  # it works; from here on it may be killed anywhere
            if int(line) >= turns:
                break
        time.sleep(after_s)
        process.kill()
        return process.wait()


def test_nothing_is_left_half_done(site):
    when = random.Random(4)  # noqa: S311 - a moment to kill at
    killed = []
    for _ in range(KILLS):
        for work in ("entry", "erasure", "adjudication", "import"):
            killed.append(_kill_amid(site, work, when.randint(0, 12), when.uniform(0, 0.02)))
        answer = json.loads(_faults(site, "check"))
        assert answer["faults"] == []
    assert killed.count(-9) >= KILLS  # the others had finished before
    assert all(count > 0 for count in answer["done"].values()), answer["done"]
