"""What is published anew when it is old enough, and what ends by itself."""

from datetime import datetime, timedelta

from openpoems.web.community.actions.compared import tidy
from openpoems.web.community.figures import publish_figures
from openpoems.web.community.limits import limits
from openpoems.web.community.map import publish_map
from openpoems.web.community.models import Release

_PUBLISHED = {Release.Kind.MAP: publish_map, Release.Kind.FIGURES: publish_figures}


def is_due(kind: str, now: datetime) -> bool:
    """Whether the last release of a kind is old enough to be replaced."""
    last = Release.objects.filter(kind=kind).first()
    return last is None or now - last.at >= timedelta(days=limits().release_days)


def publish_what_is_due(now: datetime) -> list[str]:
    """Publish what is due, and let go of what is too old to be compared; a sentence on each release."""
    tidy(now)
    said = []
    for kind, publish in _PUBLISHED.items():
        if is_due(kind, now):
            publish(now)
            said.append(f"published {kind.label}")
        else:
            said.append(f"{kind.label}: the last release stands")
    return said
