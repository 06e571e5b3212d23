"""Code systems: one short name for each, however a format writes it.

A code is held as a CURIE with openpoems' own prefix (`HP:0001271`, `SNOMED:302226006`, `ICD10CM:D47.Z2`). A system
that is not in `codesystems.toml` keeps what the source gave (`http://example.org/local|12`, `NCIT:C3056`).
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_UNDERSCORED = re.compile(r"(?:https?://(?:purl\.obolibrary\.org/obo|www\.orpha\.net/ORDO)/)?([A-Za-z]+)_(\w+)")


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """A terminology: its CURIE prefixes, its FHIR URIs (the first of each is written), the beginning of the URIs
    of its editions, and the form of its codes.
    """

    prefix: str
    name: str
    curie: tuple[str, ...]
    uri: tuple[str, ...]
    editions: tuple[str, ...]
    pattern: re.Pattern[str]
    prefixed: bool


@cache
def code_systems() -> dict[str, CodeSystem]:
    """Every code system openpoems knows, by its prefix."""
    text = (files("openpoems") / "codesystems.toml").read_text(encoding="utf-8")
    return {
        prefix: CodeSystem(
            prefix=prefix,
            name=item["name"],
            curie=(prefix, *item.get("curie", ())),
            uri=tuple(item.get("uri", ())),
            editions=tuple(item.get("editions", ())),
            pattern=re.compile(item["pattern"]),
            prefixed=item.get("prefixed", False),
        )
        for prefix, item in tomllib.loads(text).items()
    }


@cache
def from_curie(curie: str) -> str:
    """Give a CURIE its canonical prefix and form; one of an unknown system is returned as it came.

    >>> from_curie("SCTID:302226006"), from_curie("icd10cm:D47Z2"), from_curie("NCIT:C3056")
    ('SNOMED:302226006', 'ICD10CM:D47.Z2', 'NCIT:C3056')
    """
    written = _as_curie(curie.strip())
    prefix, colon, code = written.partition(":")
    system = _by_curie().get(_squash(prefix))
    if not colon or system is None:
        return written
    return _canonical(system, code.strip())


@cache
def from_fhir(system: str, code: str) -> str:
    """Read a FHIR `system` and `code`; one of an unknown system becomes `system|code`.

    >>> from_fhir("http://loinc.org", "75628-8")
    'LOINC:75628-8'
    """
    known = _by_address(system.strip().rstrip("/").lower())
    if known is None:
        return f"{system}|{code}" if system else from_curie(code)
    bare = _as_curie(code.strip())
    prefix, colon, rest = bare.partition(":")
    if colon and (known.prefixed or _by_curie().get(_squash(prefix)) is known):
        bare = rest
    elif known.prefixed and "_" in bare:
        bare = bare.partition("_")[2]
    return _canonical(known, bare)


def to_fhir(code: str) -> tuple[str, str]:
    """Split a code into FHIR's `system` and `code`; ("", code) where no URI is known."""
    if "|" in code:
        system, _, bare = code.partition("|")
        return system, bare
    prefix, _, bare = code.partition(":")
    known = code_systems().get(prefix)
    if known is None or not known.uri:
        return "", code
    return known.uri[0], code if known.prefixed else bare


def well_formed(code: str) -> bool:
    """Tell whether a code is of a known system and has the form that system's codes have."""
    prefix, _, bare = code.partition(":")
    system = code_systems().get(prefix)
    return system is not None and system.pattern.fullmatch(bare) is not None


def _as_curie(written: str) -> str:
    """Write `HP_0001744`, or an address that ends so, with a colon; only where that is a code of a known system."""
    match = _UNDERSCORED.fullmatch(written)
    system = _by_curie().get(_squash(match[1])) if match else None
    if match is None or system is None or not system.pattern.fullmatch(match[2]):
        return written
    return f"{match[1]}:{match[2]}"


def _canonical(system: CodeSystem, code: str) -> str:
    tidy = _tidy(system, code)
    modified = code_systems()["ICD10CM"]
    if system.prefix == "ICD10" and not system.pattern.fullmatch(tidy) and modified.pattern.fullmatch(tidy):
        # WHO's ICD-10 has no such codes (D47.Z2): the clinical modification was meant.
        return f"{modified.prefix}:{tidy}"
    return f"{system.prefix}:{tidy}"


def _tidy(system: CodeSystem, code: str) -> str:
    # ICD-10 codes are often stored without their point.
    if system.prefix.startswith("ICD10") and system.prefix != "ICD10PCS":
        # ICD-10-GM marks causes and consequences behind the code.
        code = code.upper().rstrip("†*!+") if system.prefix == "ICD10" else code.upper()
        if len(code) > 3 and "." not in code:  # noqa: PLR2004 - a category of ICD-10 has three characters
            code = f"{code[:3]}.{code[3:]}"
    return code


def _squash(prefix: str) -> str:
    return re.sub(r"[^a-z0-9]", "", prefix.lower())


@cache
def _by_curie() -> dict[str, CodeSystem]:
    return {_squash(each): system for system in code_systems().values() for each in system.curie}


def _by_address(uri: str) -> CodeSystem | None:
    known = _by_uri().get(uri)
    if known is not None:
        return known
    return next((each for each in code_systems().values() if each.editions and uri.startswith(each.editions)), None)


@cache
def _by_uri() -> dict[str, CodeSystem]:
    return {uri.rstrip("/").lower(): system for system in code_systems().values() for uri in system.uri}
