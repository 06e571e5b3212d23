"""Any order of importing, accepting, undoing and discarding leaves a record that its imports explain."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpoems.interchange.table import Told
from openpoems.web.audit import chain
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.facts import retract, verify
from openpoems.web.registry.imports import decisions, previews, sources
from openpoems.web.registry.models import Fact, Import, Person

pytestmark = pytest.mark.django_db(transaction=False)
ACTS = ("preview", "accept", "undo", "discard", "verify", "retract")
LINES = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=4)
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5), LINES), max_size=14)


class Course:
    """One record, and what somebody did with it."""

    def __init__(self, cast):
        self.cast = cast
        self.person = Person.objects.create(centre=cast.centres.northtown)
        cast.users.alice.ties.all().delete()
        cast.users.alice.ties.create(person=self.person, kind="self")

    def act(self, name, index, lines):
        with suppress(Refused):
            getattr(self, name)(index, lines)

    def preview(self, index, lines):
        text = "Date\tTest\tResult\n" + "".join(f"2021-01-0{day}\tHb\t1{value} g/dL\n" for day, value in lines)
        source = sources.read("t", text.encode(), Told())
        by = self.cast.users.alice
        previews.preview_for_person(by=by, person=self.person, source=source, said_by="patient")

    def accept(self, index, lines):
        if source := self.one(self.person.imports.all(), index):
            try:
                decisions.accept(by=self.cast.users.alice, source=source)
            except decisions.Stale:
                decisions.look_again(by=self.cast.users.alice, source=source)

    def undo(self, index, lines):
        if source := self.one(self.person.imports.all(), index):
            decisions.undo(by=self.cast.users.alice, source=source)

    def discard(self, index, lines):
        if source := self.one(self.person.imports.all(), index):
            decisions.discard(by=self.cast.users.alice, source=source)

    def verify(self, index, lines):
        if row := self.one(self.person.facts.all(), index):
            verify(by=self.cast.users.nora, row=row)

    def retract(self, index, lines):
        if row := self.one(self.person.facts.all(), index):
            retract(by=self.cast.users.alice, row=row, why="wrong")

    def one(self, rows, index):
        found = list(rows.order_by("pk"))
        return found[index % len(found)] if found else None


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_a_record_is_what_its_imports_left(cast, steps):
    course = Course(cast)
    for step in steps:
        course.act(*step)
    current = course.person.facts.filter(state=Fact.State.CURRENT)
    assert len(set(current.values_list("digest", flat=True))) == current.count()
    for source in course.person.imports.all():
        if source.state in (Import.State.PREVIEWED, Import.State.DISCARDED):
            assert source.facts.count() == 0
        if source.state == Import.State.DISCARDED:
            assert source.rows.count() == 0
        if source.state == Import.State.UNDONE:
            assert not source.facts.filter(state=Fact.State.CURRENT, verified_by=None).exists()
    assert chain.verify().fault == ""
