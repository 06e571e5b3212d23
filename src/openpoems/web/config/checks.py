"""What a site that real people use must have before it starts; the server and `django check` ask for it."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks

from openpoems.web.config.environment import BadSetting

TAG = "site"
_SECRET_LETTERS = 50


@register(TAG)
def production(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Every fault of a site that serves real people; none for a demo."""
    return [] if not settings.SECURE else [*_secret(), *_addresses(), *_keys(), *_mail()]


def refuse_a_faulty_site() -> None:
    """Raise `BadSetting` with every fault, each with its mend."""
    found = run_checks(tags=[TAG])
    if found:
        raise BadSetting("\n".join(f"{fault.msg} ({fault.hint})" for fault in found))


def _secret() -> Iterator[CheckMessage]:
    if len(settings.SECRET_KEY) < _SECRET_LETTERS or len(set(settings.SECRET_KEY)) < _SECRET_LETTERS / 10:
        yield Error(
            "OPENPOEMS_SECRET_KEY: too short to be safe", hint="set 50 random characters or more", id="site.E001"
        )


def _addresses() -> Iterator[CheckMessage]:
    if not settings.HOSTS_GIVEN or "*" in settings.ALLOWED_HOSTS:
        yield Error("OPENPOEMS_HOSTS: not set", hint="name each host that people type", id="site.E002")
    if any(not origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS):
        yield Error("OPENPOEMS_ORIGINS: an origin without https", hint="write https://HOST", id="site.E003")


def _keys() -> Iterator[CheckMessage]:
    ring = Path(settings.KEY_RING)
    if not ring.is_file():
        yield Error("OPENPOEMS_KEY_RING: there is no key ring", hint="run openpoems site migrate", id="site.E004")
    elif stat.S_IMODE(ring.stat().st_mode) & 0o077:
        yield Error("OPENPOEMS_KEY_RING: others can read it", hint=f"run chmod 600 {ring}", id="site.E005")


def _mail() -> Iterator[CheckMessage]:
    if not settings.EMAIL_HOST:
        yield Error(
            "OPENPOEMS_MAIL_HOST: not set, so codes would be printed, not sent",
            hint="name your mail server",
            id="site.E006",
        )
    elif not settings.EMAIL_USE_TLS:
        yield Error("OPENPOEMS_MAIL_TLS: mail would travel in the clear", hint="set it to yes", id="site.E007")
