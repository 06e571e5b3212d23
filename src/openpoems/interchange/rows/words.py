"""The words a cell may hold, each with the other ways people write it (docs/reference/csv.md)."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Generic, Literal, TypeVar, get_args

from openpoems.record.model import Basis, EventKind, Sex

Kind = Literal[
    "person", "sign", "neurophysiology", "imaging", "pathology", "disease",
    "lab", "score", "treatment", "procedure", "event",
]  # fmt: skip
Status = Literal["present", "absent", "unknown", "unsure"]
Trait = Literal["sex", "birth", "last-seen", "reference"]

T = TypeVar("T", bound=str)


class Words(Generic[T]):
    """A list of words, each with the other ways to write it."""

    def __init__(self, others: dict[T, tuple[str, ...]]) -> None:
        self.others = others
        self._found = {plain(word): word for word in others}
        self._found |= {other: word for word, each in others.items() for other in each}

    def __iter__(self) -> Iterator[T]:
        return iter(self.others)

    def find(self, text: str) -> T | None:
        """The word a text means; None when it is none of them."""
        return self._found.get(plain(text))


def plain(text: str) -> str:
    """A text as words are compared: lower case, and one blank for blanks, hyphens, dots, slashes.

    Every other sign stays, and a sign in front: `present?` and `-1` are not `present` and `1`.

    >>> plain("Not-looked_for"), plain("n/a"), plain("present?")
    ('not looked for', 'n a', 'present?')
    """
    return re.sub(r"[\s_./-]+", " ", text.strip().lower()).rstrip()


_MARK_OF_DOUBT = re.compile(
    r"[?¿!~¬±\u0338]|\+\s*/\s*-|-\s*/\s*\+|\(\s*[-–−]|[-–−]\s*(ve)?\s*\)?\s*$|^[-–−]", re.IGNORECASE
)
_WORD_OF_DOUBT = re.compile(
    r"\b(no|not|without|denies|denied|negative|absence of|absent$|excluded|ruled? out|r/o|possibl[ey]|probabl[ey]|"
    r"suspected|suspicion|questionable|doubtful|likely|unlikely|maybe|perhaps)\b",
    re.IGNORECASE,
)
_CODED = re.compile(r"\w[\w.-]*(:\s*|_)[\w.-]*\d[\w.-]*")


def negated_or_doubtful(text: str) -> bool:
    """Tell whether a name also says that the thing is absent or uncertain.

    Behind a code only a beginning counts: names in terminologies hold `without complications` and the like.

    >>> [negated_or_doubtful(each) for each in ("splenomegaly", "splenomegaly?", "no splenomegaly", "ascites (-)")]
    [False, True, True, True]
    """
    text = unicodedata.normalize("NFKD", text)
    if _MARK_OF_DOUBT.search(text):
        return True
    code = _CODED.match(text)
    if code is None:
        return _WORD_OF_DOUBT.search(text) is not None
    return _WORD_OF_DOUBT.match(text[code.end() :].strip(" ,;(")) is not None


KINDS: Words[Kind] = Words(
    {
        "person": ("patient", "demographics", "demography"),
        "sign": ("symptom", "finding", "feature", "phenotype", "clinical"),
        "neurophysiology": ("nerve conduction", "ncs", "emg", "electrophysiology"),
        "imaging": ("scan", "radiology", "image", "ct", "mri", "pet", "pet ct", "x ray", "ultrasound", "echo"),
        "pathology": ("histology", "histopathology", "biopsy"),
        "disease": ("condition", "comorbidity"),
        "lab": ("laboratory", "test", "measurement", "blood test"),
        "score": ("scale", "functional score"),
        "treatment": ("therapy", "drug", "medication", "regimen"),
        "procedure": ("intervention", "operation"),
        "event": ("outcome",),
    }
)

STATUSES: Words[Status] = Words({
    "present": ("yes", "y", "true", "1", "positive", "found", "confirmed"),
    "absent": ("no", "n", "false", "0", "negative", "excluded", "not found", "not present"),
    "unknown": (
        "not looked for", "not done", "not tested", "not assessed", "not known", "not examined",
        "unk", "na", "n a", "not available",
    ),
    "unsure": ("suspected", "possible", "probable", "equivocal", "unclear", "provisional"),
})  # fmt: skip

SEXES: Words[Sex] = Words(
    {
        "female": ("f", "woman"),
        "male": ("m", "man"),
        "other": (),
        "unknown": (),
    }
)

TRAITS: Words[Trait] = Words(
    {
        "sex": ("gender",),
        "birth": ("date of birth", "birth date", "born", "dob"),
        "last-seen": ("last contact", "last follow up"),
        "reference": ("citation", "source"),
    }
)

EVENTS: Words[EventKind] = Words(
    {
        "death": ("died", "dead"),
        "hospitalisation": ("hospitalization", "admission", "hospital stay"),
        "diagnosis": ("final diagnosis",),
        "earlier-label": ("earlier diagnosis", "wrong diagnosis", "misdiagnosis"),
        "first-symptom": ("first symptoms", "symptom onset", "onset"),
    }
)

# What a statement rests on, where its kind does not say it.
BASES: Words[Basis] = Words(
    {
        "": ("not said",),
        "clinical": (),
        "imaging": (),
        "pathology": (),
        "laboratory": (),
        "neurophysiology": (),
        "patient": (),
    }
)

# HL7 version 2 table 0078 and its FHIR successor ObservationInterpretation.
FLAGS: Words[str] = Words(
    {
        "H": (
            "high",
            "elevated",
            "raised",
            "increased",
            "abnormally high",
            "above range",
            "above normal",
            "above normal range",
            "above reference range",
        ),
        "HH": ("critical high", "critically high"),
        "L": (
            "low",
            "decreased",
            "abnormally low",
            "below range",
            "below normal",
            "below normal range",
            "below reference range",
        ),
        "LL": ("critical low", "critically low"),
        "N": ("normal", "within range", "within normal limits", "within normal range", "within reference range"),
        "A": ("abnormal",),
        "AA": ("critical abnormal",),
        "POS": ("positive",),
        "NEG": ("negative",),
        "DET": ("detected",),
        "ND": ("not detected",),
        "IND": ("indeterminate",),
        "HU": (),
        "LU": (),
    }
)

# HL7 data-absent-reason, by the words that stand in the place of a value.
ABSENT_REASONS: Words[str] = Words(
    {
        "not-performed": ("not performed", "not done", "not measured", "not tested"),
        "unknown": ("unk", "na", "n a", "not available", "not known"),
        "temp-unknown": ("pending", "awaited"),
    }
)


# What is not in a table is refused: a kind without words could never be written.
if set(KINDS) != set(get_args(Kind)) or set(STATUSES) != set(get_args(Status)):
    raise AssertionError("a kind or a status has no words")
