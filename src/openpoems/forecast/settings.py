"""The choices of `settings.toml`."""

from functools import cache
from importlib.resources import files

import msgspec


class Treatment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of `[treatment]`."""

    beside: frozenset[str]
    transplantation: str
    transplant: str
    induction: str
    after_induction: str


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, read strictly."""

    measure: str
    horizons_years: tuple[float, ...]
    curve_months: int
    fewest_values: int
    most_days_imprecise: int
    baseline_within_days: int
    planned_within_days: int
    next_after_days: int
    next_values: tuple[float, ...]
    treatment: Treatment


@cache
def settings() -> Settings:
    """The choices that ship. Raises `msgspec.ValidationError` for a file that does not say what it must."""
    return msgspec.toml.decode(files("openpoems.forecast").joinpath("settings.toml").read_bytes(), type=Settings)
