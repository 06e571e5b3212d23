"""Laws of the life of an answer, whatever editors, reviewers and the calendar do in whatever order.

Never shown as reviewed without a verified reviewer who is none of its authors; never shown when it is long overdue;
never in two states of mind: readers, the search and the desk agree.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from openpoems.knowledge.store import knowledge
from openpoems.web.accounts.models import User
from openpoems.web.answers import actions, people
from openpoems.web.answers.actions import Refused
from openpoems.web.answers.models import Answer, Entry, Review, Reviewer
from openpoems.web.answers.queries import reading
from openpoems.web.answers.workflow import gone_after, workflow

BEGAN = datetime(2026, 1, 31, 9, tzinfo=UTC)
ONE, OTHER = "eyes", "own-question"
NAMES = ("anna", "ben", "cleo")
WAYS = ("soon", "often", "twofold")
EDITORS_STEPS = [name for name, step in workflow().step.items() if step.by == "editor"]
REVIEWERS_STEPS = [name for name, step in workflow().step.items() if step.by == "reviewer"]


class Life(RuleBasedStateMachine):
    """Three people, each of whom may write and review; two answers: one of the project, one of theirs."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now, known = BEGAN, knowledge()
        self.words = known.answers[ONE]
        self.users = {name: User.objects.create_user(f"{name}@example.org") for name in NAMES}
        self.wrote, self.verified = {}, set()
        few = replace(known, answers={ONE: self.words})
        kept = actions.knowledge, actions.enter_the_rest
        actions.knowledge, actions.enter_the_rest = (lambda: few), (lambda: None)
        try:
            actions.bring(at=self.now)
        finally:
            actions.knowledge, actions.enter_the_rest = kept

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @rule(who=st.sampled_from(NAMES), name=st.sampled_from([ONE, OTHER]), which=st.sampled_from(WAYS))
    def somebody_writes(self, who, name, which):
        words = msgspec.structs.replace(self.words, question=f"Why look {which}?")
        try:
            version = actions.write(by=self.users[who], name=name, words=words, at=self.now)
        except Refused:
            assert Answer.objects.get(name=name).state not in ("draft", "changes-asked")
        else:
            self.wrote[name, version.number] = who

    @rule(who=st.sampled_from(NAMES), name=st.sampled_from([ONE, OTHER]), step=st.sampled_from(EDITORS_STEPS))
    def an_editor_takes_a_step(self, who, name, step):
        answer = Answer.objects.filter(name=name).first()
        if answer is not None:
            self._tries(
                lambda: actions.take_step(by=self.users[who], answer=answer, step=step, at=self.now, words="why")
            )

    @rule(who=st.sampled_from(NAMES), name=st.sampled_from([ONE, OTHER]), step=st.sampled_from(REVIEWERS_STEPS))
    def a_reviewer_decides(self, who, name, step):
        answer = Answer.objects.filter(name=name).first()
        if answer is not None:
            decides = lambda: actions.review(by=self.users[who], answer=answer, step=step, at=self.now, words="why")  # noqa: E731
            if self._tries(decides):
                assert who in self.verified
                assert step != "approve" or who != self.wrote.get((name, answer.working.number))

    @rule(who=st.sampled_from(NAMES), by=st.sampled_from(NAMES))
    def somebody_is_verified(self, who, by):
        told = {"name": who, "profession": "neurologist", "organisation": "a clinic", "proof": "a page"}
        reviewer = people.tell_profession(by=self.users[who], at=self.now, **told)
        if self._tries(lambda: people.verify_reviewer(by=self.users[by], number=reviewer.pk, at=self.now)):
            assert who != by
            self.verified.add(who)

    @rule(who=st.sampled_from(NAMES), by=st.sampled_from(NAMES))
    def somebody_is_verified_for_what_they_said_before(self, who, by):
        """The page was open while they told something else."""
        seen = Reviewer.objects.filter(user=self.users[who]).first()
        if seen is None:
            return
        told = {"name": who, "profession": f"told at {self.now}", "organisation": "a clinic", "proof": "a page"}
        people.tell_profession(by=self.users[who], at=self.now, **told)
        now = Reviewer.objects.get(user=self.users[who])
        self.verified.discard(who) if now.pk != seen.pk else None
        if self._tries(lambda: people.verify_reviewer(by=self.users[by], number=seen.pk, at=self.now)):
            assert now.pk == seen.pk
            self.verified.add(who)

    @rule(who=st.sampled_from(NAMES))
    def somebody_no_longer_reviews(self, who):
        for reviewer in Reviewer.objects.filter(user=self.users[who]):
            people.end_reviewer(by=self.users[who], number=reviewer.pk, at=self.now)
        self.verified.discard(who)

    @rule(who=st.sampled_from(NAMES), name=st.sampled_from([ONE, OTHER]))
    def it_goes_the_usual_way(self, who, name):
        """Chance alone seldom leads to an approval."""
        self.somebody_is_verified(who, NAMES[NAMES.index(who) - 1])
        for step in ("revise", "send"):
            self.an_editor_takes_a_step(NAMES[0], name, step)
        self.a_reviewer_decides(who, name, "approve")

    @rule(days=st.sampled_from([1, 30, 180, 364, 400]), written_down=st.booleans())
    def time_passes(self, days, written_down):
        self.now += timedelta(days=days)
        if written_down:
            actions.let_time_pass(today=self.now.date(), at=self.now)
            assert actions.let_time_pass(today=self.now.date(), at=self.now) == []

    def _tries(self, action):
        before = list(Answer.objects.values_list("name", "state", "public", "review_due"))
        try:
            action()
        except Refused:
            assert list(Answer.objects.values_list("name", "state", "public", "review_due")) == before
            return False
        return True

    @invariant()
    def what_is_called_reviewed_was_approved_by_a_verified_stranger(self):
        for answer in Answer.objects.exclude(public=None):
            found = reading(answer.name, self.now.date())
            if found is None or found.reviewer is None:
                continue
            review = Review.objects.get(pk=answer.approval_id)
            assert (review.version_id, review.verdict) == (answer.public_id, "approved")
            author = self.wrote.get((answer.name, found.version.number))
            assert author is None or review.reviewer.user_id != self.users[author].pk

    @invariant()
    def what_people_wrote_is_shown_only_when_it_was_approved(self):
        for answer in Answer.objects.exclude(public=None):
            if answer.public.by_id is not None:
                assert answer.approval.version_id == answer.public_id

    @invariant()
    def nothing_long_overdue_is_shown_and_the_search_knows_what_is(self):
        today = self.now.date()
        for answer in Answer.objects.all():
            shown = reading(answer.name, today) is not None
            due = answer.review_due
            assert shown == (answer.public_id is not None and (due is None or today < gone_after(due)))
            assert Entry.objects.filter(kind="answer", key=answer.name).exists() == (answer.public_id is not None)

    @invariant()
    def every_state_is_where_its_last_step_led(self):
        for answer in Answer.objects.all():
            last = answer.steps.first()
            assert answer.state == (last.after if last else "draft")


@pytest.mark.django_db
def test_any_sequence_of_steps_shows_readers_only_what_they_may_trust():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=10,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
