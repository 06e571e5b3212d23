"""Knowledge that has the wrong form is refused, with the file and the line to mend."""

import re
from pathlib import Path

import pytest

from openpoems.errors import KnowledgeError, UnknownCriteria
from openpoems.knowledge import answers, evidence, load, model, options, prognosis, response
from openpoems.knowledge.model import AtLeast, Has, Not
from openpoems.knowledge.store import knowledge
from tests.unit.knowledge_copy import change, copied, line_of

# What is spoilt: file, what stands there, what is put there instead, the words on the line that must be named, the message.
SPOILT = {
    "unknown key of a finding": (
        "findings/minor.toml", '[splenomegaly]\n', '[splenomegaly]\ncolour = "red"\n', 'colour = "red"', "unknown field `colour`",
    ),
    "unknown key of a code": (
        "findings/minor.toml", '{ id = "HP:0001744",', '{ hue = 1, id = "HP:0001744",', "hue = 1", "unknown field `hue`",
    ),
    "unknown key of a cut-off": (
        "findings/major.toml", 'direction = "above"\n', 'direction = "above"\nabove = 3\n', "above = 3", "unknown field `above`",
    ),
    "unknown key of an edition": (
        "criteria/suichi-2019.toml", 'status = "current"\n', 'status = "current"\nfashion = "old"\n', 'fashion = "old"', "unknown field `fashion`",
    ),
    "unknown key of a group": (
        "criteria/suichi-2019.toml", "need = 2\n", "need = 2\natleast = 2\n", "atleast = 2", "unknown field `atleast`",
    ),
    "unknown key of a measure": (
        "measures.toml", "[platelets]\n", "[platelets]\ncolour = 1\n", "colour = 1", "unknown field `colour`",
    ),
    "unknown key of a test": (
        "tests.toml", "[fundoscopy]\n", "[fundoscopy]\nprice = 1\n", "price = 1", "unknown field `price`",
    ),
    "unknown key of a look-alike's clue": (
        "lookalikes.toml", 'finding = "lambda-light-chain"\n', 'finding = "lambda-light-chain"\nweight = 2\n', "weight = 2", "unknown field `weight`",
    ),
    "unknown key of a setting": (
        "options.toml", "[relapse]\n", "[relapse]\nrank = 1\n", "rank = 1", "unknown field `rank`",
    ),
    "a survival in a prognostic model": (
        "prognosis.toml", "n = 362\n", "n = 362\nsurvival = 0.9\n", "survival = 0.9", "unknown field `survival`",
    ),
    "unknown key of a reference": (
        "references.toml", "[pihan-2018]\n", "[pihan-2018]\nstars = 5\n", "stars = 5", "unknown field `stars`",
    ),
    "unknown key of a citation": (
        "delay.toml", 'ref = "li-jian-2019",', 'page = 2, ref = "li-jian-2019",', "page = 2", "unknown field `page`",
    ),
    "wrong type: a word for a number": (
        "tests.toml", "invasiveness = 3\n", 'invasiveness = "three"\n', 'invasiveness = "three"', "Expected `int`, got `str`",
    ),
    "wrong type: a number for a word": (
        "findings/minor.toml", 'plain = "an enlarged spleen"', "plain = 5", "plain = 5", "Expected `str`, got `int`",
    ),
    "wrong type: a word for a list": (
        "findings/minor.toml", 'any_of = ["thrombocytosis", "polycythaemia"]', 'any_of = "thrombocytosis"', 'any_of = "thrombocytosis"', "Expected `array`, got `str`",
    ),
    "a word that is none of the choices": (
        "findings/supportive.toml", 'measure = "vitamin-b12"\ndirection = "below"', 'measure = "vitamin-b12"\ndirection = "beneath"', 'direction = "beneath"', "Invalid enum value 'beneath'",
    ),
    "missing key of a finding": (
        "findings/minor.toml", 'plain = "an enlarged spleen"\n', "", "[splenomegaly]", "missing required field `plain`",
    ),
    "missing key of a code": (
        "findings/minor.toml", '{ id = "HP:0001744", label = "Splenomegaly", verified', '{ id = "HP:0001744", verified', 'id = "HP:0001744", verified', "missing required field `label`",
    ),
    "missing key of a group": (
        "criteria/mayo-2012.toml", '[[group]]\nname = "other major"\nneed = 1\n', '[[group]] # here\nname = "other major"\n', "# here", "missing required field `need`",
    ),
    "bad TOML syntax": (
        "findings/minor.toml", "[splenomegaly]\n", "[splenomegaly\n", "[splenomegaly", "line",
    ),
}  # fmt: skip


@pytest.fixture
def data(tmp_path):
    return copied(tmp_path)


def test_the_copy_loads_like_the_original(data):
    copy = knowledge(data)
    assert copy.findings == knowledge().findings
    assert copy.criteria == knowledge().criteria
    assert copy.index == knowledge().index


@pytest.mark.parametrize(("file", "old", "new", "at", "says"), SPOILT.values(), ids=SPOILT)
def test_the_wrong_form_is_refused_with_file_and_line(data, file, old, new, at, says):
    change(data, file, old, new)
    with pytest.raises(KnowledgeError) as refused:
        knowledge(data)
    message = str(refused.value)
    assert message.startswith(file.rpartition("/")[2])
    assert says in message
    line = line_of(data, file, at)
    assert f"line {line}:" in message or f"(at line {line}," in message, message


# What has the right form and cannot be: file, what stands there, what is put there instead, what the message says.
IMPOSSIBLE = {
    "a group that needs more than it has": (
        "criteria/suichi-2019.toml", "need = 2", "need = 5", ("suichi-2019.toml", "minor", "needs 5 of 4"),
    ),
    "a group that needs nothing": (
        "criteria/suichi-2019.toml", "need = 2", "need = 0", ("suichi-2019.toml", "needs 0 of 4"),
    ),
    "a group that names no list": (
        "criteria/chiba-2013.toml", 'of = "minor"', 'of = "major"', ("chiba-2013.toml", "'major'", "[lists]"),
    ),
    "neither groups nor levels": (
        "criteria/msd-2023.toml", 'adopts = "mayo@2012"\n', "", ("msd-2023.toml", "either [[group]] or [[level]]"),
    ),
    "an edition under another name": (
        "criteria/msd-2023.toml", 'edition = "2023"', 'edition = "2024"', ("msd-2023.toml", "msd-2024.toml"),
    ),
    "adopting what does not exist": (
        "criteria/msd-2023.toml", 'adopts = "mayo@2012"', 'adopts = "mayo@1999"', ("msd-2023.toml", "mayo@1999"),
    ),
    "adopting what adopts another": (
        "criteria/msd-2023.toml", 'adopts = "mayo@2012"', 'adopts = "mayo@2023"', ("msd-2023.toml", "mayo@2023"),
    ),
    "adopting and having a rule": (
        "criteria/suichi-2019.toml", 'id = "suichi"\n', 'id = "suichi"\nadopts = "mayo@2012"\n', ("suichi-2019.toml", "no groups of its own"),
    ),
    "a part that is not defined": (
        "findings/minor.toml", '"splenomegaly", "lymphadenopathy"]', '"spleen", "lymphadenopathy"]', ("organomegaly", "spleen", "not defined"),
    ),
    "a cause that is not defined": (
        "findings/plasma-cell.toml", 'implied_by = ["multiple-myeloma"', 'implied_by = ["myeloma"', ("monoclonal-plasma-cell-disorder", "not defined"),
    ),
    "a circle": (
        "findings/minor.toml", "[splenomegaly]\n", '[splenomegaly]\nany_of = ["organomegaly"]\n', ("circle", "organomegaly", "splenomegaly"),
    ),
    "a finding defined twice": (
        "findings/major.toml", "[lytic-bone-lesion]", "[splenomegaly]", ("splenomegaly", "defined twice"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "says"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_refused(data, file, old, new, says):
    change(data, file, old, new)
    with pytest.raises(KnowledgeError) as refused:
        knowledge(data)
    assert all(words in str(refused.value) for words in says), str(refused.value)


def test_an_unknown_edition_is_refused_and_the_others_named():
    with pytest.raises(UnknownCriteria, match="mayo@2023"):
        knowledge().edition("mayo@1999")


def test_findings_come_after_their_parts():
    place = {id: n for n, id in enumerate(knowledge().order)}
    assert place.keys() == knowledge().findings.keys()
    for id, finding in knowledge().findings.items():
        assert all(place[part] < place[id] for part in (*finding.any_of, *finding.implied_by))


def test_an_edition_that_adopts_has_the_rule_and_the_examples_of_the_other():
    own, adopted = knowledge().edition("mayo@2012"), knowledge().edition("uclh@2022")
    assert adopted.levels == own.levels
    assert adopted.examples == own.examples
    assert adopted.cite != own.cite


def test_a_group_becomes_a_criterion():
    # Dispenzieri 2012, Table 1, footnote: Castleman disease AND no clone AND a minor sign.
    [level] = knowledge().edition("castleman-variant@2012").levels
    assert level.rule.count == 3
    assert level.groups[1].rule == AtLeast(1, (Not(Has("monoclonal-plasma-cell-disorder")),))


PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "knowledge.md").read_text(encoding="utf-8")
FORMS = {
    "Citation": model.Citation,
    "Reference": model.Reference,
    "Code": model.Code,
    "Finding": model.Finding,
    "Cut-off": model.Cutoff,
    "Answer": model.Answered,
    "Remark": model.Remark,
    "Frequency": model.Frequency,
    "Edition": load._CriteriaForm,
    "Group": load._GroupForm,
    "Level": load._LevelForm,
    "Note": model.Note,
    "Caveat": model.Caveat,
    "Example": model.Example,
    "Measure": model.Measure,
    "Drug": model.Agent,
    "Procedure": model.ProcedureKind,
    "Regimen": model.Regimen,
    "Test": model.DiagnosticTest,
    "Look-alike": model.LookAlike,
    "Clue": model.Clue,
    "Delay": model.PublishedDelay,
    "Course": response.ResponseKnowledge,
    "Treatments": response.Treatments,
    "Confirmation": response.Confirmation,
    "Response rule": response.ResponseRule,
    "Category": response.ResponseCategory,
    "Bound": response.Bound,
    "Change": response.Change,
    "Progression": response.Progression,
    "Initial worsening": response.InitialWorsening,
    "Alarm": response.AlarmRule,
    "Sentence": response.Reassurance,
    "Published order": response.PublishedOrder,
    "Confounder": response.Confounder,
    "Fact": evidence.Fact,
    "Cohort": evidence.Cohort,
    "Outcome": evidence.Outcome,
    "Study": evidence.Study,
    "Result": evidence.Result,
    "Assay": evidence.Assay,
    "Trial": evidence.Trial,
    "Series": evidence.Series,
    "Occurrence": evidence.Occurrence,
    "Question": answers.Answer,
    "Claim": answers.Claim,
    "Section": answers.Section,
    "Prognostic model": prognosis.PrognosticModel,
    "Factor": prognosis.PrognosticFactor,
    "Estimate": prognosis.Interval,
    "Setting": options.Setting,
}


def sections():
    return {part.partition("\n")[0]: part for part in re.split(r"^##+ ", PAGE, flags=re.MULTILINE)[1:]}


def test_the_page_describes_every_form():
    assert list(sections()) == list(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_the_page_describes_every_key_of_a_form(form):
    described = re.findall(r"^\| `(\w+)` \|", sections()[form], flags=re.MULTILINE)
    assert described == list(FORMS[form].__struct_fields__)


@pytest.mark.parametrize("form", FORMS)
def test_the_examples_on_the_page_stand_in_the_data(form):
    [block] = re.findall(r"```toml\n# (\S+)\n(.*?)```", sections()[form], flags=re.DOTALL)
    file, lines = block
    assert lines in (load.DATA / file).read_text(encoding="utf-8")
