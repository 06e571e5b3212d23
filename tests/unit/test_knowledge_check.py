"""The proof of the knowledge: it holds for what ships, and each of its rules is seen to fail once."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from openpoems.cli.main import main
from openpoems.criteria.examples import run_examples
from openpoems.knowledge.check import check, proved, unchecked
from openpoems.knowledge.model import Group, Level
from openpoems.knowledge.store import knowledge
from tests.unit.knowledge_copy import change, copied, line_of

# Rule: file, what stands there, what is put there instead, the words on the line to be named, the words of the problem.
BROKEN = {
    "a finding cites an unknown reference": (
        "findings/major.toml", 'ref = "shibuya-2011"', 'ref = "shibuya"', 'ref = "shibuya"', "cites shibuya, which is not in references.toml",
    ),
    "an edition cites an unknown reference": (
        "criteria/suichi-2019.toml", 'ref = "suichi-2019"', 'ref = "suichi"', 'ref = "suichi"', "cites suichi, which is not in references.toml",
    ),
    "a footnote cites an unknown reference": (
        "criteria/mhlw-2024.toml", 'Whether other levels remain was not seen."\ncite = { ref = "mhlw-2024"', 'Whether?"\ncite = { ref = "mhlw"', 'ref = "mhlw"', "cites mhlw, which is not in references.toml",
    ),
    "a cut-off cites an unknown reference": (
        "findings/minor.toml", 'cite = { ref = "openpoems-default"', 'cite = { ref = "default"', 'ref = "default"', "cites default, which is not in references.toml",
    ),
    "a test cites an unknown reference": (
        "tests.toml", 'ref = "gandhi-2007"', 'ref = "gandhi"', 'ref = "gandhi"', "cites gandhi, which is not in references.toml",
    ),
    "a clue cites an unknown reference": (
        "lookalikes.toml", 'ref = "castleman-2020"', 'ref = "castleman"', 'ref = "castleman"', "cites castleman, which is not in references.toml",
    ),
    "a delay cites an unknown reference": (
        "delay.toml", 'ref = "li-jian-2019"', 'ref = "li"', 'ref = "li"', "cites li, which is not in references.toml",
    ),
    "a setting cites an unknown reference": (
        "options.toml", 'cite = { ref = "humeniuk-2013"', 'cite = { ref = "humeniuk"', 'ref = "humeniuk"', "cites humeniuk, which is not in references.toml",
    ),
    "a factor cites an unknown reference": (
        "prognosis.toml", 'cite = { ref = "wang-2017"', 'cite = { ref = "wang"', 'ref = "wang"', "cites wang, which is not in references.toml",
    ),
    "a factor names an unknown finding": (
        "prognosis.toml", 'finding = "pleural-effusion"', 'finding = "pleura"', '"pleura"', "the factor pleural-effusion names the finding pleura, which is not defined",
    ),
    "a factor names neither a finding nor an age": (
        "prognosis.toml", 'finding = "egfr-below-30"\n', "", "[pumch-2017]", "has a factor egfr that must name either a finding or an age",
    ),
    "an estimate lies outside its interval": (
        "prognosis.toml", "value = 8.25, low = 2.18", "value = 2, low = 2.18", "[pumch-2017]", "has an estimate 2 outside its interval, 2.18 to 31.25",
    ),
    "a setting names an unknown finding": (
        "options.toml", 'marked_by = ["clonal-marrow-plasma-cells"]', 'marked_by = ["marrow"]', '"marrow"', "the setting disseminated names the finding marrow, which is not defined",
    ),
    "a setting names an unknown study": (
        "options.toml", 'studies = ["radiotherapy-mayo", "korea"]', 'studies = ["radiotherapy-mayo", "seoul"]', '"seoul"', "the setting localised names the study seoul, which is not defined",
    ),
    "a setting names an unknown cohort": (
        "options.toml", 'cohorts = ["mayo-radiotherapy"]', 'cohorts = ["mayo"]', '"mayo"', "the setting localised names the cohort mayo, which is not defined",
    ),
    "a reference is cited nowhere": (
        "references.toml", "[dispenzieri-2003]", '[nobody-1999]\ntitle = "Uncited"\nidentifiers = "none"\n\n[dispenzieri-2003]', "[nobody-1999]", "the reference nobody-1999 is cited nowhere",
    ),
    "a group names an unknown finding": (
        "criteria/suichi-2019.toml", '"skin-changes", "organomegaly", "sclerotic', '"skin", "organomegaly", "sclerotic', '"skin"', "a group names the finding skin, which is not defined",
    ),
    "a supportive sign is an unknown finding": (
        "criteria/mayo-2012.toml", '"weight-loss"', '"thinness"', '"thinness"', "supportive names the finding thinness, which is not defined",
    ),
    "a caveat names an unknown finding": (
        "criteria/mhlw-2015.toml", 'finding = "multiple-myeloma"', 'finding = "myeloma"', '"myeloma"', "a caveat names the finding myeloma, which is not defined",
    ),
    "an example names an unknown finding": (
        "criteria/suichi-2019.toml", '"white-nails"]', '"white-toes"]', '"white-toes"', "an example names the finding white-toes, which is not defined",
    ),
    "a test settles an unknown finding": (
        "tests.toml", 'settles = ["papilloedema"]', 'settles = ["papilloedema", "discs"]', '"discs"', "the test fundoscopy names the finding discs, which is not defined",
    ),
    "a clue is of an unknown finding": (
        "lookalikes.toml", 'finding = "lytic-bone-lesion"', 'finding = "lysis"', '"lysis"', "a clue of multiple-myeloma names the finding lysis, which is not defined",
    ),
    "a look-alike is stated as an unknown finding": (
        "lookalikes.toml", 'stated_as = ["tafro"]', 'stated_as = ["tafro-syndrome"]', '"tafro-syndrome"', "stated_as of castleman-tafro names the finding tafro-syndrome, which is not defined",
    ),
    "a cut-off is of an unknown measure": (
        "findings/supportive.toml", 'measure = "vitamin-b12"', 'measure = "b12"', '"b12"', "low-vitamin-b12 is judged by the measure b12, which is not defined",
    ),
    "an answer is to an unknown measure": (
        "findings/plasma-cell.toml", 'measure = "immunofixation-urine"', 'measure = "ife"', '"ife"', "is judged by the measure ife, which is not defined",
    ),
    "a code is of an unknown system": (
        "findings/minor.toml", 'id = "SNOMED:16294009"', 'id = "SNOWMAN:16294009"', '"SNOWMAN:16294009"', "SNOWMAN:16294009 of splenomegaly is of no known system, or malformed",
    ),
    "a code is malformed": (
        "measures.toml", 'id = "LOINC:777-3"', 'id = "LOINC:7773"', '"LOINC:7773"', "LOINC:7773 of platelets is of no known system, or malformed",
    ),
    "a drug's code is malformed": (
        "agents.toml", 'id = "ATC:L04AX04"', 'id = "ATC:L04AXX"', '"ATC:L04AXX"', "ATC:L04AXX of lenalidomide is of no known system, or malformed",
    ),
    "a procedure's code is malformed": (
        "procedures.toml", 'id = "OPCS4:W34.2"', 'id = "OPCS4:34.2"', '"OPCS4:34.2"', "OPCS4:34.2 of autologous-stem-cell-transplantation is of no known system",
    ),
    "a code stands twice under one finding": (
        "findings/minor.toml", 'id = "ICD10CM:R16.1"', 'id = "HP:0001744"', '"HP:0001744"', "HP:0001744 stands 2 times under splenomegaly",
    ),
    "a code is exact for two findings": (
        "findings/minor.toml", 'id = "SNOMED:16294009"', 'id = "SNOMED:80515008"', None, "SNOMED:80515008 is exact for hepatomegaly and splenomegaly: it can be only one",
    ),
    "a code is exact for two measures": (
        "measures.toml", 'id = "LOINC:718-7"', 'id = "LOINC:777-3"', None, "LOINC:777-3 is exact for platelets and haemoglobin: it can be only one",
    ),
    "a measure is in an unknown unit": (
        "measures.toml", 'unit = "10*9/L"', 'unit = "heaps"', '"heaps"', "'heaps' is no unit of units.toml",
    ),
    "a measure's unit is not as UCUM writes it": (
        "measures.toml", 'unit = "mg/dL"', 'unit = "mg/dl"', '"mg/dl"', "'mg/dl' is no unit of units.toml",
    ),
    "a cut-off is in an unknown unit": (
        "findings/major.toml", "value = { value = 200, unit = \"pg/mL\" }", "value = { value = 200, unit = \"heaps\" }", None, "is in 'heaps', which is no unit of units.toml",
    ),
    "a cut-off has another dimension than its measure": (
        "findings/major.toml", "value = { value = 200, unit = \"pg/mL\" }", "value = { value = 200, unit = \"pmol/L\" }", None, "is in pmol/L, which cannot be compared with pg/mL",
    ),
    "a published delay is in an unknown unit": (
        "delay.toml", 'unit = "mo"', 'unit = "moons"', '"moons"', "'moons' is no unit of units.toml",
    ),
    "a cut-off has no source": (
        "findings/minor.toml", 'cite = { ref = "openpoems-default", where = "platelets above 450 x 10^9/L", verified = "none" }\n', "", None, "the cut-off of thrombocytosis has a value and no source",
    ),
    "a cut-off has neither value nor range": (
        "findings/supportive.toml", 'measure = "albumin"\ndirection = "below"\nagainst = "reference"', 'measure = "albumin"\ndirection = "below"', '"albumin"', "the cut-off of hypoalbuminaemia has no value, so it must be against",
    ),
    "a cut-off does not say by what right": (
        "findings/minor.toml", 'standing = "default"\n', "", None, "the cut-off of thrombocytosis has a value, so it must say by what standing",
    ),
    "a frequency is turned round": (
        "findings/minor.toml", "low = 45\nhigh = 85", "low = 85\nhigh = 45", None, "a frequency of organomegaly is no range of percentages",
    ),
    "a test is more burdensome than the scale": (
        "tests.toml", "invasiveness = 4", "invasiveness = 5", None, "the invasiveness of marrow-biopsy is not from 1 to 4",
    ),
    "no test settles what an edition counts": (
        "tests.toml", 'settles = ["papilloedema"]', 'settles = ["raynaud"]', None, "counts papilloedema; no test of tests.toml settles it",
    ),
    "no test settles a part of what an edition counts": (
        "tests.toml", '"lymphadenopathy"', '"raynaud"', None, "counts organomegaly; no test of tests.toml settles lymphadenopathy of it",
    ),
    "an edition has no example that is met": (
        "criteria/suichi-2019.toml", 'expect = "met"', 'expect = "undetermined"', None, "suichi@2019 has no worked example that comes out met",
    ),
    "an edition has no example that is not met": (
        "criteria/suichi-2019.toml", 'expect = "not-met"', 'expect = "undetermined"', None, "suichi@2019 has no worked example that comes out not-met",
    ),
    "an edition has no example that is undetermined": (
        "criteria/suichi-2019.toml", 'expect = "undetermined"', 'expect = "met"', None, "suichi@2019 has no worked example that comes out undetermined",
    ),
    "an example names an unknown level": (
        "criteria/chiba-2013.toml", 'level = "probable"', 'level = "likely"', '"No clone found so far"', "an example names the level likely, which chiba@2013 then does not have",
    ),
    "an example that is met names no level": (
        "criteria/chiba-2013.toml", 'level = "probable"\n', "", '"No clone found so far"', "an example names no level, and is met",
    ),
    "an example states a finding both ways": (
        "criteria/mhlw-2024.toml", 'excluded = ["vegf-serum-1000"]', 'excluded = ["vegf-serum-1000", "polyneuropathy"]', '"Serum VEGF below 1000 pg/mL"', "states polyneuropathy as present and as excluded",
    ),
    "an HPO label is not that of the ontology": (
        "findings/minor.toml", 'label = "Splenomegaly", verified = "primary"', 'label = "Big spleen", verified = "primary"', '"HP:0001744"', "HP:0001744 is labelled 'Big spleen', in the ontology 'Splenomegaly'",
    ),
    "an HPO code is not in the shipped part": (
        "findings/minor.toml", 'id = "HP:0001744"', 'id = "HP:9999999"', '"HP:9999999"', "HP:9999999 is not in hpo.tsv",
    ),
    "an HPO code is shipped as a neighbour only": (
        "findings/minor.toml", 'id = "HP:0001744", label = "Splenomegaly"', 'id = "HP:0025289", label = "Cervical lymphadenopathy"', '"HP:0025289"', "HP:0025289 is not in hpo.tsv",
    ),
    "descendants are left out of a code it does not have": (
        "findings/minor.toml", 'no_descendants_of = ["HP:0000969"]', 'no_descendants_of = ["HP:0001541"]', '"HP:0001541"', "has HP:0001541 in no_descendants_of, which is none of its codes",
    ),
    "an exception names a term that is not above": (
        "findings/minor.toml", 'not_excluded_by = ["HP:0000969"]', 'not_excluded_by = ["HP:0001744"]', '"HP:0001744"', "has HP:0001744 in not_excluded_by, which lies above none of its codes",
    ),
}  # fmt: skip


@pytest.fixture
def data(tmp_path):
    return copied(tmp_path)


def test_what_ships_is_proved():
    assert check() == []
    assert run_examples(knowledge()) == []


@pytest.mark.parametrize(("file", "old", "new", "at", "says"), BROKEN.values(), ids=BROKEN)
def test_each_rule_is_seen_to_fail(data, file, old, new, at, says):
    change(data, file, old, new)
    fresh = set(check(data)) - set(check())
    problems = [problem for problem in fresh if says in problem]
    assert len(problems) == 1, fresh
    assert problems[0].startswith(("criteria/", file))
    if at:
        assert problems[0].startswith(f"{file}, line {line_of_problem(data, file, at, problems[0])}:")


def line_of_problem(data, file, at, problem):
    """Where the words stand: of several such lines (a code under two findings) any."""
    lines = (data / file).read_text(encoding="utf-8").splitlines()
    fitting = [n for n, line in enumerate(lines, 1) if at in line]
    return next((n for n in fitting if f"line {n}:" in problem), line_of(data, file, at))


def test_what_cannot_be_loaded_is_one_problem(data):
    change(data, "criteria/msd-2023.toml", 'adopts = "mayo@2012"', 'adopts = "mayo@2023"')
    [problem] = check(data)
    assert problem.startswith("msd-2023.toml: adopts mayo@2023")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('expect = "not-met"', 'expect = "undetermined"', "must come out undetermined, and is not-met"),
        ('expect = "met"', 'expect = "not-met"', "must come out not-met, and is met"),
        ('expect = "undetermined"', 'expect = "met"', "must come out met, and is undetermined"),
        ("need = 2\n", "need = 1\n", "must come out undetermined, and is met"),
    ],
)
def test_an_example_that_comes_out_otherwise_is_a_problem(data, old, new, says):
    change(data, "criteria/suichi-2019.toml", old, new)
    problems = run_examples(knowledge(data))
    assert problems
    assert all(problem.startswith("suichi@2019: the example '") for problem in problems)
    assert any(says in problem for problem in problems)


def test_the_level_of_an_example_must_come_out_too(data):
    change(data, "criteria/chiba-2013.toml", 'level = "probable"', 'level = "definite"')
    [problem] = run_examples(knowledge(data))
    assert "must come out met (definite), and is met (probable)" in problem


def test_the_examples_of_adopting_editions_are_run_as_theirs(data):
    change(data, "criteria/mayo-2012.toml", "need = 2\n", "need = 1\n")
    assert {problem.partition(":")[0] for problem in run_examples(knowledge(data))} >= {"mayo@2012", "uclh@2022"}


def test_an_edition_met_on_an_empty_record_is_a_problem():
    known = knowledge()
    always = replace(known.edition("suichi@2019"), levels=(Level(None, (Group("nothing", 0, ()),)),), examples=())
    spoilt = replace(known, criteria={"suichi@2019": always})
    assert run_examples(spoilt) == ["suichi@2019: it is met on an empty record"]


def test_editions_that_nobody_checked_are_named():
    # The editions whose `verified` is "none".
    told = {line.partition(":")[0] for line in unchecked(knowledge())}
    assert told == {key for key, c in knowledge().criteria.items() if c.cite.verified == "none"}
    assert "mhlw@2024" in told
    assert "mayo@2012" not in told


def run(*words):
    return CliRunner().invoke(main, ["knowledge", *words])


def test_the_command_passes_and_says_what_it_proved():
    done = run("check")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == f"knowledge: {proved(knowledge())}"
    assert "information: mhlw@2024" in done.output


def test_the_command_prints_problems_counts_them_and_fails(data):
    change(data, "tests.toml", 'settles = ["papilloedema"]', 'settles = ["papilloedema", "discs"]')
    done = run("check", "--data", str(data))
    assert done.exit_code == 1
    assert "which is not defined" in done.output
    assert done.output.splitlines()[-1].startswith("knowledge: ")
    assert "problem" in done.output.splitlines()[-1]


def test_the_command_fails_for_an_example_alone(data):
    change(data, "criteria/chiba-2013.toml", 'level = "probable"', 'level = "definite"')
    done = run("check", "--data", str(data))
    assert done.exit_code == 1
    assert "must come out met (definite)" in done.output


@pytest.mark.parametrize("edition", list(knowledge().criteria))
def test_show_prints_every_item_and_source_within_the_width(edition):
    done = run("show", edition)
    assert done.exit_code == 0
    criteria = knowledge().edition(edition)
    assert max(map(len, done.output.splitlines())) <= 100
    flat = " ".join(done.output.split())
    assert all(knowledge().findings[id].name in flat for id in (*criteria.findings, *criteria.supportive))
    assert all(" ".join(note.says.split()) in flat for note in criteria.notes)
    assert f"{criteria.cite.ref}: " in flat.partition(" Sources ")[2]
    cited = {
        word[1:-1] for word in flat.split() if word.startswith("(") and word.endswith(":")
    } & knowledge().references.keys()
    assert all(f"{ref}: " in flat.partition(" Sources ")[2] for ref in cited)


def test_show_prints_cut_offs_with_number_unit_specimen_and_how_far_checked():
    flat = " ".join(run("show", "mayo@2023").output.split())
    assert "at or above 200 pg/mL (plasma), a published cut-off" in flat
    assert "above 450 10*9/L, a default of this software" in flat
    assert "recalled, not checked against any source" in flat


def test_show_says_which_absence_counts():
    assert "NOT Monoclonal plasma-cell disorder" in run("show", "castleman-variant@2012").output


@pytest.mark.parametrize(("edition", "says"), [("mayo", "mayo@2023, mayo@2021"), ("nobody@1999", "mhlw@2024")])
def test_show_of_no_edition_is_a_usage_error_that_lists_editions(edition, says):
    done = run("show", edition)
    assert done.exit_code == 2
    assert says in done.output


def test_list_has_a_line_per_edition():
    lines = run("list").output.splitlines()
    for key, criteria in knowledge().criteria.items():
        [line] = [each for each in lines if each.startswith(f"{key} ")]
        assert criteria.name in line
        assert criteria.cite.verified in line
        assert criteria.adopts in line
    assert max(map(len, lines)) <= 100


def test_diff_says_what_2007_brought():
    # Blood 2003;101:2496 against AJH 2023;98:1934.
    lines = run("diff", "mayo@2003", "mayo@2023").output.splitlines()
    assert "group other major: at least 1 of 3 is new" in lines
    assert "> Castleman disease: moved from minor to other major" in lines
    assert "> Sclerotic bone lesion: moved from minor to other major" in lines
    assert "+ Elevated VEGF: now in other major" in lines
    assert "+ Thrombocytosis or polycythaemia: now in minor" in lines
    assert "- supportive sign: Thrombocytosis" in lines


def test_diff_is_turned_round_with_its_editions():
    lines = run("diff", "mayo@2023", "mayo@2003").output.splitlines()
    assert "group other major: at least 1 of 3 is gone" in lines
    assert "- Elevated VEGF: no longer in other major" in lines
    assert "+ supportive sign: Thrombocytosis" in lines


@pytest.mark.parametrize("pair", [("mayo@2012", "mayo@2023"), ("msd@2023", "chn@2019"), ("suichi@2019", "suichi@2019")])
def test_diff_of_one_rule_says_so(pair):
    assert "no difference in the rule" in run("diff", *pair).output.splitlines()


def test_diff_tells_levels_and_needs():
    # The ministry's criteria of 2015 and 2024.
    lines = run("diff", "mhlw@2015", "mhlw@2024").output.splitlines()
    assert "level probable is gone" in lines
    assert "level possible is gone" in lines
    assert "definite, group minor: 1 of 8 becomes 2 of 4" in lines


def test_diff_of_an_unknown_edition_is_a_usage_error():
    assert run("diff", "mayo@2003", "mayo").exit_code == 2
