"""Error reports without anybody's data: no form field, no cookie, no variable of a frame."""

from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class DiscreetReporterFilter(SafeExceptionReporterFilter):
    """Hides everything a request carried and every local variable, also where Django would show it."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Hide in development too: its data may be real."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """The names of the fields alone."""
        return {} if request is None else dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> ItemsView[str, Any]:
        """The names of the variables alone."""
        return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()
