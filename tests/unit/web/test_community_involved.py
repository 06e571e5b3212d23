"""Who knows POEMS and which trials there are: each with its source, its day, and what is not known said so."""

import pytest
from django.test import Client

from openpoems.knowledge.store import knowledge
from openpoems.web.community.centres import experts
from openpoems.web.community.world import world
from openpoems.web.registry.templatetags.days import day_words

pytestmark = pytest.mark.django_db


def test_every_centre_names_its_source_its_day_and_who_checked_it():
    page = Client().get("/community/get-involved/").content.decode()
    assert page.count("not confirmed by the centre") == sum(not one.checked_by for one in experts())
    for one in experts():
        assert one.country in world().countries
        assert one.cite.where
        assert one.name in page


def test_every_trial_stands_there_with_the_day_of_its_status_and_unknown_eligibility_said_so():
    page = Client().get("/community/get-involved/").content.decode()
    trials = knowledge().evidence.trials.values()
    for trial in trials:
        assert trial.number in page
        unseen = trial.status_on == "not seen"
        assert ("the day of it was not seen" if unseen else f"as read for {day_words(trial.status_on)}") in page
    assert page.count("not known here; ask the registry.") == sum(not trial.who for trial in trials)
