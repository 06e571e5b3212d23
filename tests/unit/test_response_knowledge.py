"""The proof of what is known of the course: each of its rules is seen to fail once."""

import pytest

from openpoems.knowledge.check import check
from openpoems.knowledge.store import knowledge
from tests.unit.knowledge_copy import change, copied

# Rule: file, what stands there, what is put there instead, the words of the problem.
BROKEN = {
    "an unknown measure": ("response.toml", 'measure = "vegf"', 'measure = "vegg"', "the rule vegf names the measure vegg"),
    "an unknown finding": ("response.toml", 'finding = "ascites"', 'finding = "water"', "the rule ascites names the finding water"),
    "an unknown drug": ("response.toml", '"lenalidomide"', '"lenalidomid"', "treatment names the drug lenalidomid,"),
    "an unknown procedure": ("response.toml", '"radiotherapy", "car', '"rays", "car', "treatment names the procedure rays"),
    "a regimen of an unknown drug": ("regimens.toml", 'agents = ["lenalidomide"]', 'agents = ["revlimid"]', "the regimen len names the drug revlimid"),
    "a regimen of nothing": ("regimens.toml", 'agents = ["lenalidomide"]\n', "", "the regimen len must have either a doubt"),
    "a doubt that is read": ("regimens.toml", 'doubt = "radiotherapy, or rituximab"', 'doubt = "radiotherapy, or rituximab"\nprocedures = ["radiotherapy"]', "the regimen rtx must have either a doubt"),
    "a short name twice": ("regimens.toml", 'words = ["thal"]', 'words = ["Len"]', "the regimens len and thal share the name len"),
    "an unknown test": ("response.toml", '"immunofixation-urine"]', '"urine"]', "the rule m-protein names the measure urine"),
    "an unknown source": ("response.toml", 'ref = "gentile-2024"', 'ref = "gentile"', "cites gentile, which is not in references.toml"),
    "an order without a category": ("response.toml", '["CR", "PR", "NR", "PD"]', '["CR", "PR", "NR"]', "must rank each of its categories once"),
    "a complete category that is not the best": ("response.toml", 'complete = "CR"', 'complete = "PR"', "complete category that is not the best"),
    "a category without a condition": ("response.toml", "normal = true\n", "", "a category CR without any condition"),
    "a unit that does not fit": ("response.toml", 'value = 0.5, unit = "g/dL"', 'value = 0.5, unit = "kPa"', "which cannot be compared with g/dL"),
    "a unit that does not exist": ("response.toml", 'value = 0.5, unit = "g/dL"', 'value = 0.5, unit = "stone"', "no unit of units.toml"),
    "an alarm that asks for nothing": ("response.toml", "after_normal = true\n", "", "asks neither for a rise nor for a normal value"),
    "an alarm of two values on one day": ("response.toml", "days_apart = 28", "days_apart = 0", "must ask for one value, or for two"),
    "a category that points nowhere": ("response.toml", 'VGPR = "better"\n', "", "VGPR is a category that has no direction"),
    "a direction of no category": ("response.toml", 'VGPR = "better"', 'VGPR = "better"\nsCR = "better"', "sCR has a direction and is no category"),
    "a confounder that nothing shows": ("confounders.toml", 'agents = ["bevacizumab"]\n', "", "bevacizumab can be seen by nothing"),
    "a confounder of an unknown drug": ("confounders.toml", 'agents = ["bevacizumab"]', 'agents = ["avastin"]', "names the drug avastin"),
    "a confounder with a wrong window": ("confounders.toml", 'window = "sample"', 'window = "default"', "has the window sample"),
    "a lasting confounder that ends": ("confounders.toml", 'window = "lasting"', 'window = "lasting"\ndays_after = 3', "a window that its days contradict"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_each_rule_is_seen_to_fail(case, tmp_path):
    file, old, new, words = BROKEN[case]
    data = copied(tmp_path)
    change(data, file, old, new)
    problems = check(data)
    assert any(words in problem and problem.startswith(file) for problem in problems), problems


def test_numbers_of_the_literature_that_were_recalled_say_so():
    # What the fact base read: normalisation (Gentile), the scales of section 3.5. All else that grades is recalled.
    read = {id for id, rule in knowledge().response.rule.items() for c in rule.category if c.cite.verified == "primary"}
    assert read == {"vegf", "incat-odss", "i-rods", "mrc-sum", "grip-strength", "ten-metre-walk"}
    names = [c.name for c in knowledge().response.rule["vegf"].category if c.cite.verified == "primary"]
    assert names == ["CR"]


def test_no_window_claims_to_be_published():
    # Fact base 2.3 gives no length for any confounder.
    assert {each.window for each in knowledge().confounders.values()} == {"default", "lasting", "sample"}
