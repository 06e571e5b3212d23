"""What codes and words mean: which findings they show, exclude or only hint at, which measure they name."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from openpoems.knowledge.load import HpoTerm
from openpoems.knowledge.model import Finding, Measure

Table = dict[str, tuple[str, ...]]
_BETWEEN_NAMES = re.compile(r"[\s\-‐‑–+/,;&]+")
_LETTERS = re.compile(r"[^\W_]+")
# Words as short as this keep their s.
_SHORT = 3


@dataclass(frozen=True, slots=True)
class CodeIndex:
    """Codes as CURIEs of `openpoems.codes`.

    `shows`: findings that are present when the code is; `excludes`: findings that are excluded when it is; `hints`:
    findings for which it is too broad; `measures` and `doubtful_measures`: the measure it names; `known`: every code
    openpoems has heard of; `labels`: codes in words; `names` and `measure_names`: by the words people use for them, as
    `plain_words` writes them.
    """

    shows: Table
    excludes: Table
    hints: Table
    measures: dict[str, str]
    doubtful_measures: dict[str, str]
    known: frozenset[str]
    labels: dict[str, str]
    names: dict[str, str]
    measure_names: dict[str, str]


def build_index(
    findings: Mapping[str, Finding], measures: Mapping[str, Measure], terms: Mapping[str, HpoTerm]
) -> CodeIndex:
    """Index the codes of findings and measures, HPO descendants and ancestors included."""
    shows, excludes, hints = _table(_shown(findings)), _table(_excluded(findings)), _table(_hinted(findings))
    shows = _table([*_pairs(shows), *_descendants(findings, shows, terms)])
    shows = {code: _without_wholes(ids, findings) for code, ids in shows.items()}
    excludes = _table([*_pairs(excludes), *_ancestors(findings, excludes, terms)])
    return CodeIndex(
        shows=shows,
        excludes=excludes,
        hints=hints,
        measures={f"OPENPOEMS:{id}": id for id in measures} | dict(_measured(measures, exact=True)),
        doubtful_measures=dict(_measured(measures, exact=False)),
        known=frozenset((*terms, *shows, *excludes, *hints)),
        labels=_labels(findings, terms),
        names=_names(findings),
        measure_names=_measure_names(measures),
    )


Pair = tuple[str, str]


def _shown(findings: Mapping[str, Finding]) -> Iterator[Pair]:
    for id, finding in findings.items():
        yield f"OPENPOEMS:{id}", id
        yield from ((code.id, id) for code in finding.codes if code.match != "broader")


def _excluded(findings: Mapping[str, Finding]) -> Iterator[Pair]:
    for id, finding in findings.items():
        yield f"OPENPOEMS:{id}", id
        yield from ((code.id, id) for code in finding.codes if code.match == "exact")


def _hinted(findings: Mapping[str, Finding]) -> Iterator[Pair]:
    for id, finding in findings.items():
        yield from ((code.id, id) for code in finding.codes if code.match == "broader")


def _descendants(findings: Mapping[str, Finding], shows: Table, terms: Mapping[str, HpoTerm]) -> Iterator[Pair]:
    for term_id, term in terms.items():
        for anchor in term.under:
            for id in shows.get(anchor, ()):
                barred = (*findings[id].no_descendants_of, *findings[id].not_shown_by)
                if anchor not in findings[id].no_descendants_of and term_id not in barred:
                    yield term_id, id


def _ancestors(findings: Mapping[str, Finding], excludes: Table, terms: Mapping[str, HpoTerm]) -> Iterator[Pair]:
    for term_id, term in terms.items():
        for anchor in term.over:
            for id in excludes.get(anchor, ()):
                if term_id not in findings[id].not_excluded_by:
                    yield term_id, id


def _without_wholes(ids: tuple[str, ...], findings: Mapping[str, Finding]) -> tuple[str, ...]:
    # What is composed of a finding follows from it, and must share its fate when statements conflict.
    return tuple(id for id in ids if not _parts(id, findings) & set(ids))


def _parts(id: str, findings: Mapping[str, Finding]) -> set[str]:
    named = findings[id].any_of
    return set(named).union(*(_parts(part, findings) for part in named if part in findings))


def _measured(measures: Mapping[str, Measure], *, exact: bool) -> Iterator[Pair]:
    for id, measure in measures.items():
        yield from ((code.id, id) for code in measure.codes if (code.match == "exact") is exact)


def _labels(findings: Mapping[str, Finding], terms: Mapping[str, HpoTerm]) -> dict[str, str]:
    labels = {code.id: code.label for finding in findings.values() for code in finding.codes}
    own = {f"OPENPOEMS:{id}": finding.name for id, finding in findings.items()}
    return {id: term.label for id, term in terms.items()} | labels | own


def _names(findings: Mapping[str, Finding]) -> dict[str, str]:
    """Findings by name, in lower case; words that mean two findings mean none. ICD titles are too broad to be names."""
    meant: dict[str, set[str]] = defaultdict(set)
    for id, finding in findings.items():
        exact = (c.label for c in finding.codes if c.match == "exact" and not c.id.startswith("ICD10"))
        for words in (id, finding.name, *finding.words, *exact):
            meant[plain_words(words)].add(id)
    return {words: ids.pop() for words, ids in meant.items() if len(ids) == 1}


def _measure_names(measures: Mapping[str, Measure]) -> dict[str, str]:
    meant: dict[str, set[str]] = defaultdict(set)
    for id, measure in measures.items():
        for words in (id, measure.name, *measure.words, *(c.label for c in measure.codes if c.match == "exact")):
            meant[plain_words(words)].add(id)
    return {words: ids.pop() for words, ids in meant.items() if len(ids) == 1}


@lru_cache(maxsize=20_000)
def plain_words(text: str) -> str:
    """Words as they are compared: lower case, British vowels as American, no plural, no punctuation, in any order.

    >>> plain_words("Serum immunofixation") == plain_words("immunofixation, serum")
    True
    >>> plain_words("Peripheral oedema"), plain_words("sclerotic bone lesions")
    ('edema peripheral', 'bone lesion sclerotic')
    """
    said = _LETTERS.findall(text.lower().replace("ae", "e").replace("oe", "e").replace("'s", ""))
    return " ".join(sorted(_singular(word) for word in said))


def name_words(text: str) -> list[str]:
    """The words of a treatment's name, in order and as written; blanks, hyphens and slashes part them.

    >>> name_words("Dara-Rd + ASCT")
    ['Dara', 'Rd', 'ASCT']
    """
    return [word for word in _BETWEEN_NAMES.split(text) if word]


def _singular(word: str) -> str:
    plural = len(word) > _SHORT and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


def _pairs(table: Table) -> Iterator[Pair]:
    return ((code, id) for code, ids in table.items() for id in ids)


def _table(pairs: Iterator[Pair] | list[Pair]) -> Table:
    table: dict[str, dict[str, None]] = defaultdict(dict)
    for code, id in pairs:
        table[code][id] = None
    return {code: tuple(ids) for code, ids in table.items()}
