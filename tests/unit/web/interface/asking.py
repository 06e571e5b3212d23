"""Programs that ask: a client with a key of an account, as a test of the interface needs it."""

from typing import Any

from django.test import Client

from openpoems.web.api.actions import make_key
from openpoems.web.api.scopes import offered


def program(user: Any, *scopes: str) -> Client:
    """A client that sends a key of this account; without scopes one that may do all the account may."""
    _key, secret = make_key(by=user, name="a program", scopes=scopes or tuple(offered(user)), days=30)
    return Client(headers={"Authorization": f"Bearer {secret}"})
