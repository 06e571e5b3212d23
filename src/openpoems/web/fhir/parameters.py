"""What a search asks for, read strictly: what is not known is refused, unless the asker said to be lenient."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from openpoems.web.api.gate import Refusal, is_storable
from openpoems.web.fhir.matching import Test, alternatives, token
from openpoems.web.fhir.moments import PREFIXES, range_of
from openpoems.web.fhir.table import Parameter, Served

USUAL, MOST = 50, 200
_MOST_PAIRS, _LONGEST = 50, 1_000
# Known to every search; what they ask for is done elsewhere, or makes no difference here.
_PAGING = ("_count", "_page", "_sort", "_include", "_summary", "_total", "_totalMethod", "_format", "_pretty")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A search. `people` are the pseudonyms it names, None for nobody; `sort` is a parameter's name, or ""."""

    served: Served
    people: frozenset[str] | None = None
    numbers: frozenset[str] | None = None
    tests: tuple[Test, ...] = ()
    count: int = USUAL
    only_count: bool = False
    sort: str = ""
    descending: bool = False
    include: bool = False
    page: str = ""
    used: tuple[Pair, ...] = ()
    ignored: tuple[str, ...] = field(default=())


def parse(served: Served, pairs: Iterable[Pair], *, lenient: bool) -> Asked:
    """Read the parameters of a search. Raises `Refusal`."""
    asked = Asked(served)
    for number, (name, value) in enumerate(pairs):
        if not is_storable(value):
            raise Refusal(400, "value", "Leave out the character NUL: no word and no number holds it.")
        if number >= _MOST_PAIRS or len(value) > _LONGEST:
            raise Refusal(400, "too-long", "Ask for less at once: at most 50 parameters of 1,000 characters.")
        read = _control(asked, name, value) if name in _PAGING else _criterion(asked, name, value)
        if read is None and not lenient:
            raise unknown(served, name)
        if read is None:
            asked = replace(asked, ignored=(*asked.ignored, name))
        else:
            asked = replace(read, used=asked.used if name == "_page" else (*asked.used, (name, value)))
    return asked


def unknown(served: Served, name: str) -> Refusal:
    """That a parameter is not known here, and which are."""
    told = ", ".join(sorted(served.parameters))
    shown = "".join(each for each in name if each.isalnum() or each in "-_:.$")[:40]
    says = f"{served.kind} cannot be searched by “{shown}” here. It can be by: {told}."
    return Refusal(400, "not-supported", says)


def _control(asked: Asked, name: str, value: str) -> Asked | None:
    if name == "_count":
        if not (value.isascii() and value.isdecimal()):
            raise _wrong(name, "a whole number")
        return replace(asked, count=min(int(value), MOST), only_count=int(value) == 0)
    if name == "_sort":
        return _sorted(asked, value)
    if name == "_include":
        known = {f"{asked.served.kind}:{each}{target}" for each in asked.served.include for target in ("", ":Patient")}
        return replace(asked, include=True) if value in known else None
    if name == "_summary":
        return replace(asked, only_count=value == "count") if value in ("count", "false") else None
    return replace(asked, page=value) if name == "_page" else asked


def _sorted(asked: Asked, value: str) -> Asked:
    name = value.removeprefix("-")
    known = {"_id", asked.served.sort, "_lastUpdated"} & (asked.served.parameters.keys() | {"_id"})
    if name not in known:
        told = ", ".join(sorted(known))
        raise Refusal(400, "not-supported", f"{asked.served.kind} can be sorted by one of: {told}; “-” turns it round.")
    return replace(asked, sort=name, descending=value.startswith("-"))


def _criterion(asked: Asked, name: str, value: str) -> Asked | None:
    bare, _, modifier = name.partition(":")
    parameter = asked.served.parameters.get(bare)
    if parameter is None or modifier not in ("", *_MODIFIERS[parameter.type]):
        return None
    if modifier != "missing" and not value.strip():
        raise _wrong(bare, "a value")
    if parameter.type == "reference" or (bare == "_id" and not modifier):
        return replace(asked, people=_among(asked.people, _pseudonyms(value)), tests=_with_id(asked, parameter, value))
    if bare == "identifier" and not modifier:
        return replace(asked, numbers=_among(asked.numbers, (token(each)[1] for each in alternatives(value))))
    return replace(asked, tests=(*asked.tests, Test(parameter, modifier, tuple(_read(parameter, modifier, value)))))


_MODIFIERS = {"token": ("not", "missing"), "date": ("missing",), "reference": ("Patient",)}


def _with_id(asked: Asked, parameter: Parameter, value: str) -> tuple[Test, ...]:
    """A search by id finds the person by it, and then the resource; one by reference the person alone."""
    if parameter.type == "reference":
        return asked.tests
    return (*asked.tests, Test(parameter, "", tuple(token(each) for each in alternatives(value))))


def _pseudonyms(value: str) -> Iterator[str]:
    for each in alternatives(value):
        yield token(each)[1].rpartition("Patient/")[2].rpartition("/")[2].partition(".")[0]


def _among(before: frozenset[str] | None, named: Iterable[str]) -> frozenset[str]:
    found = frozenset(named)
    return found if before is None else before & found


def _read(parameter: Parameter, modifier: str, value: str) -> Iterator[object]:
    if modifier == "missing":
        if value not in ("true", "false"):
            raise _wrong(f"{parameter.name}:missing", "true or false")
        yield value == "true"
        return
    for each in alternatives(value):
        if parameter.type == "token":
            yield token(each)
            continue
        prefix = each[:2] if each[:2] in PREFIXES else ""
        moment = range_of(each[len(prefix) :])
        if moment is None:
            raise _wrong(parameter.name, "a date such as 2024-03-05, alone or after one of " + ", ".join(PREFIXES))
        yield prefix or "eq", moment


def _wrong(name: str, wanted: str) -> Refusal:
    return Refusal(400, "value", f"The value of {name} must be {wanted}.")
