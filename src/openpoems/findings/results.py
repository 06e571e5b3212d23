"""What a result says about a finding: against the laboratory's own limits where it gives them, else a cut-off's."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from openpoems.knowledge.model import Cutoff
from openpoems.logic import Truth
from openpoems.quantities import IncomparableUnits, Quantity, compare
from openpoems.record.model import Concept, Measurement, ReferenceRange

_WORDS = re.compile(r"[a-z]+")
Answer = Literal["positive", "negative", "above", "within", "below"]


def reaches(result: Measurement, limit: Quantity, direction: str) -> Truth:
    """Tell whether a result lies `above`, `at-or-above` or `below` a limit, minding its comparator.

    UNKNOWN where the comparator leaves it open (`<500` against 200). Raises `IncomparableUnits`.
    """
    if result.value is None:
        return Truth.UNKNOWN
    limit = limit if limit.unit else Quantity(limit.value, result.value.unit)
    order = compare(result.value, limit)
    if direction == "below":
        return _below(order, result.comparator)
    return _above(order, result.comparator, reached=direction == "at-or-above")


def by_reference(result: Measurement, direction: str) -> list[Truth]:
    """What the laboratory itself says, by its range and by its flag; nothing where it gave neither."""
    said = []
    limit = _bound(result.reference, direction)
    if limit is not None and result.value is not None:
        said.append(reaches(result, limit, direction))
    said += [
        Truth.of(answer == ("below" if direction == "below" else "above"))
        for answer in (*map(_flagged, result.flags), answer_of(result.result))
        if answer in {"above", "within", "below"}
    ]
    return list(dict.fromkeys(said))


def unread_limit(result: Measurement, direction: str) -> bool:
    """Whether the laboratory gave a range or a flag from which nothing could be read for this direction."""
    reference = result.reference
    if reference is not None and reference.text and _bound(reference, direction) is None:
        return True
    return any(_coded(flag) is None and _worded(flag) is None for flag in result.flags)


def by_cutoff(result: Measurement, cutoff: Cutoff) -> Truth:
    """What a result says against the number of a cut-off; UNKNOWN where the units cannot be compared."""
    if cutoff.value is None:
        return Truth.UNKNOWN
    try:
        truth = reaches(result, cutoff.value, cutoff.direction)
    except IncomparableUnits:
        return Truth.UNKNOWN
    return Truth.UNKNOWN if cutoff.only_when_met and truth is Truth.FALSE else truth


def by_answer(result: Measurement, containing: str = "") -> Truth:
    """Read a test that is answered positive or negative; conflicting or unreadable answers are UNKNOWN.

    With `containing`, TRUE only for a positive answer that holds the word, and never FALSE.
    """
    if containing and not _holds(result.result, containing):
        return Truth.UNKNOWN
    answers = {a for a in (*map(_flagged, result.flags), answer_of(result.result)) if a in {"positive", "negative"}}
    truth = Truth.of(answers.pop() == "positive") if len(answers) == 1 else Truth.UNKNOWN
    return Truth.UNKNOWN if containing and truth is Truth.FALSE else truth


def answer_of(concept: Concept | None) -> Answer | None:
    """What a coded or worded answer means, or None."""
    if concept is None:
        return None
    for coding in concept.codings:
        answer = _coded(coding.id) or _worded(coding.label)
        if answer:
            return answer
    return _worded(concept.text)


def _holds(concept: Concept | None, word: str) -> bool:
    texts = (concept.text, *(coding.label for coding in concept.codings)) if concept else ()
    return any(word in _WORDS.findall(text.lower().replace("λ", "lambda").replace("κ", "kappa")) for text in texts)


def _above(order: int, comparator: str, *, reached: bool) -> Truth:
    if comparator == "":
        return Truth.of(order > 0 or (reached and order == 0))
    if comparator in {"<", "<="}:
        beneath = order < 0 or (order == 0 and (comparator == "<" or not reached))
        return Truth.FALSE if beneath else Truth.UNKNOWN
    over = order > 0 or (order == 0 and (comparator == ">" or reached))
    return Truth.TRUE if over else Truth.UNKNOWN


def _below(order: int, comparator: str) -> Truth:
    if comparator == "":
        return Truth.of(order < 0)
    if comparator in {"<", "<="}:
        return Truth.TRUE if order < 0 or (order == 0 and comparator == "<") else Truth.UNKNOWN
    return Truth.FALSE if order >= 0 else Truth.UNKNOWN


def _bound(reference: ReferenceRange | None, direction: str) -> Quantity | None:
    if reference is None:
        return None
    return reference.low if direction == "below" else reference.high


def _coded(code: str) -> Answer | None:
    return _answers()[0].get(code)


def _flagged(flag: str) -> Answer | None:
    return _coded(flag) or _worded(flag)


@cache
def _worded(text: str) -> Answer | None:
    """Read an answer in words: one of those listed, else by the words that name a band and those that deny it."""
    said = text.strip().lower().replace("λ", "lambda").replace("κ", "kappa")
    listed = _answers()[1].get(said)
    if listed or not said:
        return listed
    words = set(_WORDS.findall(said))
    naming, denying, leaving_open = _band_words()
    if words.isdisjoint(naming) or not words.isdisjoint(leaving_open) or "?" in said:
        return None
    return "positive" if words.isdisjoint(denying) else "negative"


@cache
def _band_words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    data = tomllib.loads((files("openpoems.findings") / "answers.toml").read_text(encoding="utf-8"))["band"]
    return frozenset(data["naming"]), frozenset(data["denying"]), frozenset(data["leaving_open"])


@cache
def _answers() -> tuple[dict[str, Answer], dict[str, Answer]]:
    data = tomllib.loads((files("openpoems.findings") / "answers.toml").read_text(encoding="utf-8"))
    codes: dict[str, Answer] = {}
    worded: dict[str, Answer] = {}
    for answer in get_args(Answer):
        item = data[answer]
        codes.update(dict.fromkeys(item["codes"], answer))
        worded.update(dict.fromkeys(item["words"], answer))
    return codes, worded
