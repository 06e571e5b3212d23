"""Code systems: one short name for each, however a format writes it.

A code is held as a CURIE with openpoems' own prefix (`HP:0001271`, `SNOMED:302226006`, `ICD10CM:D47.Z2`). A system
that is not in `codesystems.toml` keeps what the source gave (`http://example.org/local|12`, `NCIT:C3056`).
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """A terminology: its CURIE prefixes, its FHIR URIs (the first of each is written) and the form of its codes."""

    prefix: str
    name: str
    curie: tuple[str, ...]
    uri: tuple[str, ...]
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
    prefix, colon, code = curie.strip().partition(":")
    system = _by_curie().get(_squash(prefix))
    if not colon or system is None:
        return curie.strip()
    return f"{system.prefix}:{_tidy(system, code.strip())}"


@cache
def from_fhir(system: str, code: str) -> str:
    """Read a FHIR `system` and `code`; one of an unknown system becomes `system|code`.

    >>> from_fhir("http://loinc.org", "75628-8")
    'LOINC:75628-8'
    """
    known = _by_uri().get(system.strip().rstrip("/").lower())
    if known is None:
        return f"{system}|{code}" if system else from_curie(code)
    bare = code.strip()
    if known.prefixed and ":" in bare:
        bare = bare.partition(":")[2]
    elif known.prefixed and "_" in bare:
        bare = bare.partition("_")[2]
    return f"{known.prefix}:{_tidy(known, bare)}"


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


def _tidy(system: CodeSystem, code: str) -> str:
    # ICD-10 codes are often stored without their point.
    if system.prefix.startswith("ICD10") and system.prefix != "ICD10PCS":
        code = code.upper()
        if len(code) > 3 and "." not in code:  # noqa: PLR2004 - a category of ICD-10 has three characters
            code = f"{code[:3]}.{code[3:]}"
    return code


def _squash(prefix: str) -> str:
    return re.sub(r"[^a-z0-9]", "", prefix.lower())


@cache
def _by_curie() -> dict[str, CodeSystem]:
    return {_squash(each): system for system in code_systems().values() for each in system.curie}


@cache
def _by_uri() -> dict[str, CodeSystem]:
    return {uri.rstrip("/").lower(): system for system in code_systems().values() for uri in system.uri}
