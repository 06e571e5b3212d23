"""Bringing a site to what this version needs."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from openpoems.web.registry import vault


def prepare() -> Iterator[str]:
    """Make the data folder, the key ring and the database's tables where they are missing; say each step."""
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    ring = Path(settings.KEY_RING)
    if not ring.exists():
        vault.write(vault.new_key_ring(), ring)
        yield f"made a key ring in {ring}: back it up apart from the database; without it no identity can be read"
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    yield "the database is up to date"
    if settings.SECURE:
        call_command("collectstatic", interactive=False, verbosity=0)
        yield "styles, scripts and pictures are in place"
