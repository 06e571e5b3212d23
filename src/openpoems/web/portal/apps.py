"""The portal's place in Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The front pages."""

    name = "openpoems.web.portal"
    label = "portal"
