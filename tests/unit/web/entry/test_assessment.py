"""What is entered through the forms is assessed as the same record read from a table."""

from datetime import date

import pytest

from openpoems.criteria.assess import assess
from openpoems.findings.derive import derive
from openpoems.interchange.csv import read
from openpoems.knowledge.store import knowledge
from openpoems.record import PartialDate
from openpoems.web.registry.store import record_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)

ENTERED = [
    (
        "signs/",
        {
            "on": "2021-04-15",
            "basis": "clinical",
            "is-polyneuropathy": "present",
            "since-polyneuropathy": "2020-01",
            "is-papilloedema": "excluded",
            "is-hepatomegaly": "present",
            "is-ascites": "excluded",
            "is-hyperpigmentation": "present",
            "is-diabetes-mellitus": "present",
        },
    ),
    (
        "add/imaging/",
        {
            "finding": "sclerotic-bone-lesion",
            "truth": "present",
            "on": "2021-04-20",
            "basis": "imaging",
            "site": "pelvis",
        },
    ),
    ("add/pathology/", {"finding": "castleman-disease", "truth": "excluded", "on": "2021-05", "basis": "pathology"}),
    (
        "add/result/vegf/",
        {"value": "1040,5", "unit": "pg/mL", "specimen": "plasma", "on": "2021-04-15", "high": "96,2"},
    ),
    ("add/result/platelets/", {"value": "510", "unit": "10*9/L", "on": "2021-04-15", "high": "400"}),
    ("add/result/immunofixation-serum/", {"answer": "other", "answer_words": "IgA lambda", "on": "2021-04-15"}),
    ("add/score/onls/", {"arms": "2", "legs": "3", "on": "2021-04-15"}),
    (
        "add/treatment/",
        {
            "regimen": "lenalidomide + dexamethasone",
            "start": "2021-06",
            "drug1": "Lenalidomide",
            "drug2": "Dexamethasone",
        },
    ),
    ("add/event/first-symptom/", {"kind": "first-symptom", "on": "2020-01"}),
    ("add/event/diagnosis/", {"kind": "diagnosis", "what": "POEMS syndrome", "on": "2021-05-01"}),
]
TABLE = """patient,kind,what,status,value,unit,specimen,reference_high,date,onset,end_date,site
P,person,sex,,female,,,,,,,
P,person,birth,,1960,,,,,,,
P,sign,polyneuropathy,present,,,,,2021-04-15,2020-01,,
P,sign,papilloedema,absent,,,,,2021-04-15,,,
P,sign,hepatomegaly,present,,,,,2021-04-15,,,
P,sign,ascites,absent,,,,,2021-04-15,,,
P,sign,hyperpigmentation,present,,,,,2021-04-15,,,
P,disease,diabetes-mellitus,present,,,,,2021-04-15,,,
P,imaging,sclerotic-bone-lesion,present,,,,,2021-04-20,,,pelvis
P,pathology,castleman-disease,absent,,,,,2021-05,,,
P,lab,vegf,,1040.5,pg/mL,plasma,96.2,2021-04-15,,,
P,lab,platelets,,510,10*9/L,,400,2021-04-15,,,
P,lab,immunofixation-serum,,IgA lambda,,,,2021-04-15,,,
P,score,onls,,5,,,,2021-04-15,,,
P,treatment,lenalidomide + dexamethasone,,,,,,2021-06,,,
P,event,first-symptom,,,,,,2020-01,,,
P,event,diagnosis,,POEMS syndrome,,,,2021-05-01,,,
"""


@pytest.fixture
def entered(client, cast):
    """Alice's record as she typed it."""
    client.force_login(cast.users.alice)
    place = f"/people/{cast.people.alice.pk}/"
    about = {"sex": "female", "birth_year": "1960", "status": "alive", "last_seen": ""}
    for address, data in [("about/", about), *ENTERED]:
        response = client.post(place + address, data)
        assert response.status_code == 302, (address, response.context["form"].errors, response.context["form"].doubts)
    cast.people.alice.refresh_from_db()
    return record_of(cast.people.alice)


@pytest.fixture
def tabled():
    ((record, _issues),) = read(TABLE)
    return record


def test_every_finding_comes_out_the_same(entered, tabled):
    mine, theirs = (derive(record, knowledge(), TODAY) for record in (entered, tabled))
    known = {id: theirs.truth(id) for id in knowledge().findings}
    assert {id: mine.truth(id) for id in knowledge().findings} == known
    assert len(set(map(str, known.values()))) == 3  # some present, some excluded, some unknown


def test_every_edition_concludes_the_same_in_the_same_time(entered, tabled):
    mine, theirs = (assess(record, knowledge(), TODAY, today=TODAY) for record in (entered, tabled))

    def verdicts(of):
        return {
            e.verdict.criteria.key: (e.verdict.status, e.verdict.level, e.verdict.pattern)
            for e in (*of.editions, *of.variants)
        }

    assert verdicts(mine) == verdicts(theirs)
    assert (mine.delay.low_months, mine.delay.high_months) == (theirs.delay.low_months, theirs.delay.high_months)
    assert mine.delay.diagnosed == PartialDate(2021, 5, 1)


def test_nothing_that_was_entered_is_unreadable(entered):
    assert [issue for issue in derive(entered, knowledge(), TODAY).issues if issue.severity != "information"] == []
