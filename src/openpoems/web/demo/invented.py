"""What the demo's registry is made of (`invented.toml`), and how one draws from it."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any


@cache
def invented() -> dict[str, Any]:
    """The content of `invented.toml`."""
    return tomllib.loads(Path(__file__).with_name("invented.toml").read_text("utf-8"))


def one_of(choices: Sequence[dict[str, Any]], rng: Random) -> dict[str, Any]:
    """One of these, each as often as its `share` says."""
    return rng.choices(choices, weights=[choice["share"] for choice in choices])[0]
