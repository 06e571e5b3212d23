"""The library's place in Django."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Tables of the knowledge; nothing of its own is stored."""

    name = "openpoems.web.library"
    label = "library"
