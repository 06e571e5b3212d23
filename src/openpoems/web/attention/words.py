"""The reasons in sentences, each with the page that settles it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openpoems.web.attention.models import Attention
from openpoems.web.clinic import followup
from openpoems.web.registry.models import Person

Told = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """One reason for the page: in a sentence, how sure its rule is, where it is settled, the colour of its tag."""

    kind: str
    title: str
    says: str
    label: str
    address: str
    tag: str

    def __repr__(self) -> str:
        return "<Said>"


def titles() -> dict[str, str]:
    """The reasons by their short names."""
    return {
        "lost": _("Response lost"),
        "rising": _("Risk rising"),
        "undetermined": _("Criteria not settled"),
        "conflicts": _("Values disagree"),
        "overdue": _("Results overdue"),
        "unverified": _("Values to verify"),
    }


def said(person: Person, attention: Attention, today: date) -> list[Said]:
    """Everything that asks for a look, in the order of `people.REASONS`."""
    found = [*_course(person, attention.reasons), *_entered(person, attention), *_overdue(person, attention, today)]
    order = list(titles())
    return sorted(found, key=lambda one: order.index(one.kind))


def _course(person: Person, reasons: list[Told]) -> Iterator[Said]:
    course = reverse("course", args=[person.pk])
    alarms = [each for each in reasons if each["kind"] == "rising" and each["rule"] != "model"]
    for each in reasons:
        if each["kind"] == "lost":
            yield _said("lost", _lost(each), _checked(each), f"{course}#response", "bad")
        elif each["kind"] == "undetermined":
            yield _said("undetermined", _(each["name"]), "", f"{course}#criteria", "warn")
        elif each["kind"] == "rising" and each["rule"] == "model":
            yield _said("rising", _model(each), _by(each), f"{course}#relapse", "bad")
    if alarms:
        yield _said("rising", _alarms(alarms), _by(alarms[0]), f"{course}#relapse", "bad")


def _lost(each: Told) -> str:
    words = {"name": _(each["name"]), "when": each["when"]}
    if each["state"] == "relapse":
        if each.get("confirmed"):
            return _("%(name)s: relapse on %(when)s, confirmed") % words
        return _("%(name)s: relapse on %(when)s, not confirmed") % words
    if each.get("confirmed"):
        return _("%(name)s: progression on %(when)s, confirmed") % words
    return _("%(name)s: progression on %(when)s, not confirmed") % words


def _model(each: Told) -> str:
    before, last = each["rose"]
    words = {"before": before, "last": last, "when": each["when"]}
    return _("a model of simulated patients: %(before)s %% before, %(last)s %% at the value of %(when)s") % words


def _alarms(alarms: list[Told]) -> str:
    """The first alarm by name, the others as a number: they are variants of one rise."""
    first, more = alarms[0], len(alarms) - 1
    words = {"name": _(first["name"]), "when": first.get("when", ""), "n": more}
    if first["state"] == "unconfirmed":
        return _("alarm: %(name)s, %(when)s, a second value must confirm it") % words
    if not more:
        return _("alarm: %(name)s, %(when)s") % words
    return (
        ngettext("alarm: %(name)s, %(when)s, and %(n)s other", "alarm: %(name)s, %(when)s, and %(n)s others", more)
        % words
    )


def _by(each: Told) -> str:
    if each["made_by"] == "engineering":
        return _("rule made by engineering")
    return _("rule from the literature") if not _checked(each) else _("rule recalled from the literature")


def _checked(each: Told) -> str:
    if each.get("verified") == "none":
        return _("definition recalled, not checked")
    return _("definition seen second-hand") if each.get("verified") == "secondary" else ""


def _entered(person: Person, attention: Attention) -> Iterator[Said]:
    review = reverse("record-review", args=[person.pk])
    if n := attention.conflicts:
        says = ngettext("%(n)s conflict to decide", "%(n)s conflicts to decide", n) % {"n": n}
        yield _said("conflicts", says, "", review, "bad")
    if n := attention.unverified:
        says = ngettext("%(n)s value to verify", "%(n)s values to verify", n) % {"n": n}
        yield _said("unverified", says, "", review, "warn")


def _overdue(person: Person, attention: Attention, today: date) -> Iterator[Said]:
    if person.status != Person.Status.ALIVE:
        return
    rules = {rule.id: rule for rule in followup.rules()}
    for each in attention.overdue:
        rule, since = rules.get(each["rule"]), date.fromisoformat(each["since"])
        if rule is None or since > today:
            continue
        words = {"what": _(rule.title), "since": since.isoformat(), "last": each["last"]}
        says = _("%(what)s: never recorded") if not each["last"] else _("%(what)s: due since %(since)s, last %(last)s")
        yield _said("overdue", says % words, _proposed(rule), reverse("record-add", args=[person.pk]), "warn")


def _proposed(rule: followup.Rule) -> str:
    return _("a proposal: every %(months)s months") % {"months": rule.every_months}


def _said(kind: str, says: str, label: str, address: str, tag: str) -> Said:
    return Said(kind, titles()[kind], says, label, address, tag)
