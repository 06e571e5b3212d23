"""What the fields of a project may mean, from their names and labels: shown to a person, and never applied unseen."""

import re

from openpoems.interchange.redcap import Entry, Field
from openpoems.interchange.rows.words import SEXES, STATUSES
from openpoems.knowledge.index import plain_words
from openpoems.knowledge.store import knowledge
from openpoems.quantities import ucum

_NUMBERS = ("record_id", "study_id", "patient_id", "subject_id", "participant_id")
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_BIRTH, _SEX = re.compile(r"\b(birth|dob|born)\b"), re.compile(r"\b(sex|gender)\b")
_LAST_SEEN = re.compile(r"\blast (seen|contact|follow ?-?up)\b")
_NOTHING = Entry("nothing")


def suggest(fields: tuple[Field, ...]) -> dict[str, Entry]:
    """An entry for each field; `nothing` where nothing is known of it."""
    dates = {field.form: field.name for field in reversed(fields) if field.is_date and not _is_trait(field)}
    return {field.name: _entry(field, dates.get(field.form, "")) for field in fields}


def _entry(field: Field, date: str) -> Entry:
    said = f"{field.name.replace('_', ' ')} {field.label}".lower()
    if field.name in _NUMBERS:
        return Entry("patient")
    if field.is_date:
        return Entry("birth") if _BIRTH.search(said) else Entry("last-seen") if _LAST_SEEN.search(said) else _NOTHING
    if _SEX.search(said) and field.choices:
        return Entry("sex", answers={code: SEXES.find(label) or "unknown" for code, label in field.choices})
    return _measured(field, date) or _stated(field, date) or _NOTHING


def _is_trait(field: Field) -> bool:
    said = f"{field.name.replace('_', ' ')} {field.label}".lower()
    return bool(_BIRTH.search(said) or _LAST_SEEN.search(said))


def _measured(field: Field, date: str) -> Entry | None:
    facts = knowledge()
    id = _named(field, facts.index.measure_names)
    if not id or field.type == "checkbox":
        return None
    unit = next((found for each in _IN_BRACKETS.findall(field.label) if (found := ucum(each))), "")
    kind = "score" if facts.measures[id].unit == "{score}" else "lab"
    return Entry(kind, what=id, unit=unit, date=date, answers=dict(field.choices))  # type: ignore[arg-type]


def _stated(field: Field, date: str) -> Entry | None:
    id = _named(field, knowledge().index.names)
    if not id or not field.choices:
        return None
    if field.type == "checkbox":
        # What is not ticked was perhaps not looked for.
        return Entry("sign", what=id, date=date, answers={"1": "present", "0": "unknown"})
    answers = {code: STATUSES.find(label) or "unknown" for code, label in field.choices}
    return Entry("sign", what=id, date=date, answers=answers)


def _named(field: Field, names: dict[str, str]) -> str:
    """What a field is called by its label, by the choice of a checkbox, or by its own name."""
    label = _IN_BRACKETS.sub(" ", field.label).strip(" ?:")
    own = re.sub(r"_(date|value|result|yn|present)$", "", field.name.partition("___")[0]).replace("_", " ")
    words = [label.rpartition(":")[2]] if field.type == "checkbox" else [label, own]
    return next((names[plain_words(each)] for each in words if plain_words(each) in names), "")
