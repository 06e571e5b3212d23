"""The choices of `timeline.toml`."""

from functools import cache
from importlib.resources import files

import msgspec


class PanelChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measure with a panel of its own: its title and its height in pixels."""

    measure: str
    title: str
    height: int


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, read strictly."""

    gap_days: int
    gap_share: float
    near_share: float
    months_shown_days: int
    most_pointed: int
    panel: tuple[PanelChoice, ...]

    def choice(self, measure: str) -> PanelChoice | None:
        """The panel of a measure that stands on the timeline at once; None for every other."""
        return next((each for each in self.panel if each.measure == measure), None)


@cache
def settings() -> Settings:
    """The choices that ship. Raises `msgspec.ValidationError` for a file that does not say what it must."""
    return msgspec.toml.decode(files("openpoems.reports").joinpath("timeline.toml").read_bytes(), type=Settings)
