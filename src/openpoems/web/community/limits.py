"""How much one account may do (`limits.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of `limits.toml`; those that end in `_new` are of members who joined lately."""

    release_days: int
    member_days_before_counted: int
    place_fills_with: int
    place_fills_days: int
    new_member_days: int
    stories_a_day: int
    stories_a_day_new: int
    contacts_a_day: int
    contacts_a_day_new: int
    contacts_a_month: int
    reports_a_day: int
    messages_a_day: int
    profiles_a_day: int
    profiles_a_day_new: int
    claim_hours: int
    claims_at_once: int
    decisions_a_day: int
    remind_again_days: int
    reminders_in_vain: int
    compared_anew_days: int
    compared_stands_days: int
    wish_stands_days: int
    messages_shown: int
    ended_words_days: int
    barred_days: int


@cache
def limits() -> Limits:
    """The limits. Raises `TypeError` where one is missing or unknown."""
    return Limits(**tomllib.loads(Path(__file__).with_name("limits.toml").read_text("utf-8")))
