"""Which form enters what, and which form corrects a fact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.record.model import Event, Feature, Measurement, Procedure, Treatment
from openpoems.web.registry.concepts import FIRST_CONTACT, measure_name, measure_of
from openpoems.web.registry.documents import RecordFact
from openpoems.web.registry.forms.event import KINDS, EventForm
from openpoems.web.registry.forms.fact import FactForm
from openpoems.web.registry.forms.feature import FeatureForm
from openpoems.web.registry.forms.measurement import MeasurementForm
from openpoems.web.registry.forms.procedure import RADIOTHERAPY, TRANSPLANT, ProcedureForm
from openpoems.web.registry.forms.scale import ScaleForm, scale_of
from openpoems.web.registry.forms.treatment import TreatmentForm
from openpoems.web.registry.scales import scales

Make = Callable[..., FactForm]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that enters one fact: its address behind the record's, its title, how its form is made.

    `measure` names the measure whose last result fills the form in; `says` is a sentence below the title.
    """

    key: str
    title: str
    form: Make
    measure: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    title: Any
    form: type[FactForm]
    given: Mapping[str, Any] = field(default_factory=dict)


_PAGES: dict[str, _Page] = {
    "feature": _Page(_("A sign or disease"), FeatureForm),
    "imaging": _Page(_("What imaging shows"), FeatureForm, {"basis": "imaging"}),
    "pathology": _Page(_("What pathology shows"), FeatureForm, {"basis": "pathology"}),
    "neurophysiology": _Page(_("What nerve conduction studies show"), FeatureForm, {"basis": "neurophysiology"}),
    "treatment": _Page(_("A drug treatment"), TreatmentForm),
    "transplant": _Page(_("A transplantation of own stem cells"), ProcedureForm, {"of": TRANSPLANT}),
    "radiotherapy": _Page(_("Radiotherapy"), ProcedureForm, {"of": RADIOTHERAPY}),
    "procedure": _Page(_("A biopsy or another procedure"), ProcedureForm),
}


def entry(kind: str, of: str = "") -> Entry:
    """The page for an address such as `result/vegf`, `score/onls`, `event/death`, `imaging`. Raises `KeyError`."""
    key = f"add/{kind}/{of}" if of else f"add/{kind}"
    match kind:
        case "result":
            return Entry(key, measure_name(of), partial(MeasurementForm, measure=of), of)
        case "score":
            scale = scales()[of]
            return Entry(key, gettext(scale.name), partial(ScaleForm, scale=scale), scale.measure, gettext(scale.says))
        case "event":
            title = KINDS[of or "other"] if of else _("Something that happened")
            return Entry(key, str(title)[:1].upper() + str(title)[1:], partial(EventForm, of=of))
    if of:
        raise KeyError(kind)
    page = _PAGES[kind]
    return Entry(key, str(page.title), partial(page.form, **page.given))


def correction(fact: RecordFact) -> Make:
    """How the form that corrects a fact is made."""
    match fact:
        case Measurement():
            scale = scale_of(fact, measure_of(fact.measure))
            return partial(ScaleForm, scale=scale, base=fact) if scale else partial(MeasurementForm, base=fact)
        case Feature():
            return partial(FeatureForm, base=fact)
        case Treatment():
            return partial(TreatmentForm, base=fact)
        case Procedure():
            return partial(ProcedureForm, base=fact)
        case Event():
            return partial(EventForm, base=fact)


# What the page "add" offers beside signs and results, in the order in which a record is best begun.
OFFERED = (
    ("event/first-symptom", _("The first symptom")),
    ("event/diagnosis", _("The diagnosis of POEMS")),
    ("event/earlier-label", _("What it was first taken for")),
    (f"event/{FIRST_CONTACT}", _("The first visit to a centre that knows POEMS")),
    ("treatment", _("A drug treatment")),
    ("transplant", _("A transplantation of own stem cells")),
    ("radiotherapy", _("Radiotherapy")),
    ("imaging", _("What imaging shows (CT, PET, X-ray, ultrasound)")),
    ("pathology", _("What pathology shows (a biopsy)")),
    ("neurophysiology", _("What nerve conduction studies show")),
    ("procedure", _("A biopsy or another procedure")),
    ("event/hospitalisation", _("A stay in hospital")),
    ("feature", _("Any other sign or disease")),
    ("event", _("Something else that happened")),
)
