"""Read the published evidence and the answers, as strictly as everything else is read."""

from collections.abc import Iterable
from importlib.resources.abc import Traversable

from openpoems.errors import KnowledgeError
from openpoems.knowledge.answers import Answer
from openpoems.knowledge.evidence import Assay, Cohort, Evidence, Fact, Series, Study, Trial
from openpoems.knowledge.load import DATA, read, read_each, toml_files


def load_evidence(root: Traversable = DATA) -> Evidence:
    """Everything of `evidence/`. Raises `KnowledgeError`, also where a name stands twice."""
    folder = root / "evidence"
    return Evidence(
        facts=_once((file.name, read_each(file, Fact)) for file in toml_files(folder / "facts")),
        cohorts=read_each(folder / "cohorts.toml", Cohort),
        studies=read_each(folder / "studies.toml", Study),
        assays=read_each(folder / "assays.toml", Assay),
        trials=read_each(folder / "trials.toml", Trial),
        series=read_each(folder / "series.toml", Series),
    )


def load_answers(root: Traversable = DATA) -> dict[str, Answer]:
    """Every answer of `answers/*.toml` by the name of its file, in the order in which they are told."""
    found = {file.name.removesuffix(".toml"): read(file, Answer) for file in toml_files(root / "answers")}
    return dict(sorted(found.items(), key=lambda item: (item[1].rank, item[0])))


def _once(files: Iterable[tuple[str, dict[str, Fact]]]) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for name, facts in files:
        if twice := found.keys() & facts.keys():
            raise KnowledgeError(f"{name}: the fact {min(twice)} is told twice")
        found.update(facts)
    return found
