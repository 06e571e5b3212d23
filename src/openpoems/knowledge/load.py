"""Read the knowledge files strictly: what they do not say, or say too much, is refused with file and line."""

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec

from openpoems.errors import KnowledgeError
from openpoems.knowledge.model import (
    Agent,
    Caveat,
    Citation,
    CriteriaSet,
    DiagnosticTest,
    Example,
    Finding,
    Form,
    Group,
    Has,
    Level,
    LookAlike,
    Measure,
    Not,
    Note,
    ProcedureKind,
    PublishedDelay,
    Reference,
    Regimen,
)
from openpoems.knowledge.options import Setting
from openpoems.knowledge.prognosis import PrognosticModel
from openpoems.knowledge.response import Confounder, ResponseKnowledge

T = TypeVar("T")
DATA = files("openpoems.knowledge") / "data"


class _GroupForm(Form, frozen=True, kw_only=True):
    name: str
    need: int
    of: tuple[str, ...] | str = ()
    of_excluded: tuple[str, ...] = ()


class _LevelForm(Form, frozen=True, kw_only=True):
    name: str
    group: tuple[_GroupForm, ...]


class _CriteriaForm(Form, frozen=True, kw_only=True):
    id: str
    edition: str
    name: str
    cite: Citation
    status: Literal["current", "superseded"]
    kind: Literal["diagnosis", "variant"] = "diagnosis"
    conclusion: str = "POEMS syndrome"
    adopts: str = ""
    supportive: tuple[str, ...] = ()
    lists: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    group: tuple[_GroupForm, ...] = ()
    level: tuple[_LevelForm, ...] = ()
    note: tuple[Note, ...] = ()
    caveat: tuple[Caveat, ...] = ()
    example: tuple[Example, ...] = ()


class _DelayForm(Form, frozen=True, kw_only=True):
    published: tuple[PublishedDelay, ...]


def load_findings(root: Traversable = DATA) -> dict[str, Finding]:
    """Every finding of `findings/*.toml`. Raises `KnowledgeError`."""
    found: dict[str, Finding] = {}
    for file in toml_files(root / "findings"):
        for id, finding in read_each(file, Finding).items():
            if id in found:
                raise KnowledgeError(f"{file.name}: the finding {id} is defined twice")
            found[id] = finding
    return found


def load_criteria(root: Traversable = DATA) -> dict[str, CriteriaSet]:
    """Every edition of `criteria/*.toml` by `id@edition`, adopted rules resolved. Raises `KnowledgeError`."""
    forms: dict[str, tuple[str, _CriteriaForm]] = {}
    for file in toml_files(root / "criteria"):
        form = read(file, _CriteriaForm)
        key = f"{form.id}@{form.edition}"
        if key.replace("@", "-") != file.name.removesuffix(".toml"):
            raise KnowledgeError(f"{file.name}: holds {key}, so it must be named {key.replace('@', '-')}.toml")
        forms[key] = (file.name, form)
    # An edition that adopts another's rule holds the very same levels.
    own = {key: _levels(file, form) for key, (file, form) in forms.items() if not form.adopts}
    return {key: _criteria(key, forms, own) for key in forms}


def load_references(root: Traversable = DATA) -> dict[str, Reference]:
    """Every source of `references.toml`."""
    return read_each(root / "references.toml", Reference)


def load_measures(root: Traversable = DATA) -> dict[str, Measure]:
    """Every measure of `measures.toml`."""
    return read_each(root / "measures.toml", Measure)


def load_agents(root: Traversable = DATA) -> dict[str, Agent]:
    """Every drug of `agents.toml`."""
    return read_each(root / "agents.toml", Agent)


def load_procedures(root: Traversable = DATA) -> dict[str, ProcedureKind]:
    """Every kind of procedure of `procedures.toml`."""
    return read_each(root / "procedures.toml", ProcedureKind)


def load_regimens(root: Traversable = DATA) -> dict[str, Regimen]:
    """Every short name of a treatment, of `regimens.toml`."""
    return read_each(root / "regimens.toml", Regimen)


def load_tests(root: Traversable = DATA) -> dict[str, DiagnosticTest]:
    """Every test that can be ordered, of `tests.toml`."""
    return read_each(root / "tests.toml", DiagnosticTest)


def load_look_alikes(root: Traversable = DATA) -> dict[str, LookAlike]:
    """Every look-alike of `lookalikes.toml`."""
    return read_each(root / "lookalikes.toml", LookAlike)


def load_delays(root: Traversable = DATA) -> tuple[PublishedDelay, ...]:
    """The published figures on time to diagnosis, of `delay.toml`."""
    return read(root / "delay.toml", _DelayForm).published


def load_response(root: Traversable = DATA) -> ResponseKnowledge:
    """The rules of response, relapse and alarm, of `response.toml`."""
    return read(root / "response.toml", ResponseKnowledge)


def load_confounders(root: Traversable = DATA) -> dict[str, Confounder]:
    """What else moves a value, of `confounders.toml`."""
    return read_each(root / "confounders.toml", Confounder)


def load_prognosis(root: Traversable = DATA) -> dict[str, PrognosticModel]:
    """The published prognostic models, of `prognosis.toml`."""
    return read_each(root / "prognosis.toml", PrognosticModel)


def load_settings(root: Traversable = DATA) -> dict[str, Setting]:
    """The settings in which treatment was published, of `options.toml`."""
    return read_each(root / "options.toml", Setting)


def _criteria(
    key: str, forms: Mapping[str, tuple[str, _CriteriaForm]], levels: Mapping[str, tuple[Level, ...]]
) -> CriteriaSet:
    file, form = forms[key]
    source = form
    if form.adopts:
        if form.group or form.level or form.example:
            raise KnowledgeError(f"{file}: an edition that adopts {form.adopts} has no groups of its own")
        if form.adopts not in levels:
            raise KnowledgeError(f"{file}: adopts {form.adopts}, which is no edition with a rule of its own")
        source = forms[form.adopts][1]
    return CriteriaSet(
        id=form.id,
        edition=form.edition,
        name=form.name,
        kind=form.kind,
        status=form.status,
        conclusion=form.conclusion,
        cite=form.cite,
        adopts=form.adopts,
        levels=levels[form.adopts or key],
        supportive=form.supportive or source.supportive,
        notes=form.note or source.note,
        caveats=form.caveat or source.caveat,
        examples=source.example,
    )


def _levels(file: str, form: _CriteriaForm) -> tuple[Level, ...]:
    if bool(form.group) == bool(form.level):
        raise KnowledgeError(f"{file}: an edition has either [[group]] or [[level]]")
    named: list[tuple[str | None, tuple[_GroupForm, ...]]] = [(each.name, each.group) for each in form.level]
    named = named or [(None, form.group)]
    return tuple(Level(name, tuple(_group(file, g, form.lists) for g in groups)) for name, groups in named)


def _group(file: str, form: _GroupForm, lists: Mapping[str, tuple[str, ...]]) -> Group:
    if isinstance(form.of, str) and form.of not in lists:
        raise KnowledgeError(f"{file}: the group {form.name} names the list {form.of!r}, which is not under [lists]")
    of = lists[form.of] if isinstance(form.of, str) else form.of
    items: tuple[Has | Not, ...] = (*map(Has, of), *(Not(Has(each)) for each in form.of_excluded))
    if not 1 <= form.need <= len(items):
        raise KnowledgeError(f"{file}: the group {form.name} needs {form.need} of {len(items)}")
    return Group(form.name, form.need, items)


def toml_files(folder: Traversable) -> list[Traversable]:
    """The TOML files of a folder, by name."""
    return sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)


def read(file: Traversable, shape: type[T]) -> T:
    """A file of one form. Raises `KnowledgeError`, which names file and line."""
    text = file.read_text(encoding="utf-8")
    return _convert(_parse(file, text), shape, file, text)


def read_each(file: Traversable, shape: type[T]) -> dict[str, T]:
    """A file whose tables are all of one form; each by itself, so that an error names its table."""
    text = file.read_text(encoding="utf-8")
    return {key: _convert(value, shape, file, text, key) for key, value in _parse(file, text).items()}


def _parse(file: Traversable, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{file.name}: {error}") from error


def _convert(value: object, shape: type[T], file: Traversable, text: str, table: str = "") -> T:
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        within = f"[{table}]: " if table else ""
        raise KnowledgeError(f"{file.name}, line {_line(text, table, str(error))}: {within}{error}") from error


def _line(text: str, table: str, message: str) -> int:
    """The line a validation message speaks of: its path is followed through the tables, then to the field it names."""
    place = message.partition(" - at `")[2].removesuffix("`")
    unknown = re.search(r"unknown field `([^`]+)`", message)
    steps = re.findall(r"[\w-]+|\[\d+\]", place.removeprefix("key in ").removeprefix("$"))
    lines, at, name = text.splitlines(), 0, ""
    for step in [*([table] if table else []), *steps, *([unknown[1]] if unknown else [])]:
        if step.startswith("["):
            at = _element(lines, at, name, int(step.strip("[]")))
        else:
            at, name = _named(lines, at, step), step
    return at + 1


def _named(lines: list[str], start: int, name: str) -> int:
    """The first line from `start` that heads a table of this name or gives the key a value."""
    word = re.escape(name)
    heads = re.compile(rf"^\s*(\[+([\w-]+\.)*{word}(\.[\w-]+)*\]|{word}\s*=)|[{{,]\s*{word}\s*=")
    return next((n for n in range(start, len(lines)) if heads.search(lines[n])), start)


def _element(lines: list[str], start: int, name: str, index: int) -> int:
    """The line of an element: of a list of tables the table's head, of a list in place the line it stands on."""
    if lines[start].rstrip().endswith("["):
        return start + 1 + index
    for _ in range(index):
        start = _named(lines, start + 1, name)
    return start


class HpoTerm(NamedTuple):
    """A term of the ontology: our codes it lies `under` (or is), and our codes it lies `over` (or is)."""

    label: str
    under: tuple[str, ...]
    over: tuple[str, ...]


def load_hpo(root: Traversable = DATA) -> tuple[str, dict[str, HpoTerm]]:
    """The part of the ontology that the findings need, written by `tools/hpo_closure.py`: its release, its terms."""
    head, *rows = (root / "hpo.tsv").read_text(encoding="utf-8").splitlines()
    fields = (row.split("\t") for row in rows)
    return head.removeprefix("# "), {
        id: HpoTerm(label, tuple(under.split()), tuple(over.split())) for id, label, under, over in fields
    }
