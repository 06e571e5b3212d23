"""The accounts' place in Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, memberships, rights."""

    name = "openpoems.web.accounts"
    label = "accounts"
