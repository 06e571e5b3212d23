"""The workflow of stories is a table in which every state has an owner who can move it on."""

import copy
import tomllib
from pathlib import Path

import pytest

from openpoems.web.community import workflow as module
from openpoems.web.community.workflow import read, workflow

TABLE = tomllib.loads(Path(module.__file__).with_suffix(".toml").read_text("utf-8"))


def test_every_state_can_be_reached_and_left():
    led = {step.leads for step in workflow().steps.values()}
    assert set(workflow().owners) == led  # the draft too: it is taken back to


def test_no_story_is_published_but_by_a_moderator():
    assert {step.by for step in workflow().steps.values() if step.leads == "published"} == {"moderator"}


def test_every_refusal_gives_its_reason():
    assert all(workflow().steps[id].words for id in ("return", "decline", "take-down", "appeal"))


@pytest.mark.parametrize("spoil", ["owner", "leads", "orphan"])
def test_a_broken_table_is_refused(spoil):
    table = copy.deepcopy(TABLE)
    if spoil == "owner":
        table["states"]["waiting"]["owner"] = "nobody"
    elif spoil == "leads":
        table["steps"]["submit"]["leads"] = "nowhere"
    else:
        table["steps"]["claim"]["by"] = "author"
    with pytest.raises(ValueError, match=r"workflow\.toml"):
        read(table)
