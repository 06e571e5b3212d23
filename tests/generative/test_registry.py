"""Whatever people do with records, in any order: counts, the log and consent agree with a model that is a few dicts."""

import itertools
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from openpoems.interchange.table import Told
from openpoems.record import Concept, Feature, Provenance
from openpoems.web.accounts.models import Centre, Membership, User
from openpoems.web.audit import chain
from openpoems.web.audit.context import acts
from openpoems.web.audit.models import Entry
from openpoems.web.registry import erasures
from openpoems.web.registry.actions import Refused, facts
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.erasure import erase, replay, unfinished
from openpoems.web.registry.actions.people import begin_record, describe
from openpoems.web.registry.consent import PURPOSES, agrees, decisions
from openpoems.web.registry.documents import from_document
from openpoems.web.registry.imports import decisions as imports
from openpoems.web.registry.imports import previews, sources
from openpoems.web.registry.models import Consent, Draft, Fact, Identity, Import, ImportRow, Person, Tie
from openpoems.web.registry.people import may
from openpoems.web.registry.store import fact_of, record_of

SIGNS = ("numb feet", "swollen legs", "dark skin", "weak hands")
_number = itertools.count()


def _said(fact):
    """What a fact says, whoever says it and wherever it stands."""
    return replace(fact, provenance=Provenance(), path="")


def _words(fact):
    return (fact.concept.text, fact.excluded, fact.note)


class Registry(RuleBasedStateMachine):
    """A person enters and imports, a clinician verifies and corrects, consent comes and goes, a record is erased."""

    people = Bundle("people")
    rows = Bundle("rows")
    tables = Bundle("tables")

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.centre = Centre.objects.create(slug=f"c{next(_number)}", name="A centre", country="GB")
        self.clinician = self._account()
        Membership.objects.create(user=self.clinician, role="clinician", centre=self.centre)
        self.stands, self.agreed, self.owner, self.erased = {}, {}, {}, set()
        self.verified = set()
        self.written = 0  # facts that were ever added
        self.seen = Entry.objects.count()

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        erasures.ledger().unlink(missing_ok=True)

    def _account(self):
        return User.objects.create_user(f"u{next(_number)}@example.org")

    @rule(target=people, agrees_at_once=st.booleans())
    def begin(self, agrees_at_once):
        owner = self._account()
        with acts(str(owner.public_id), via="web"):
            person = begin_record(by=owner)
            describe(by=owner, person=person, centre=self.centre)
            if agrees_at_once:
                decide(by=owner, person=person, choices={"care": True})
        agreed = {"care"} if agrees_at_once else set()
        self.stands[person.pk], self.agreed[person.pk], self.owner[person.pk] = {}, agreed, owner
        return person.pk

    @rule(target=rows, person=people, sign=st.sampled_from(SIGNS), excluded=st.booleans())
    def enter(self, person, sign, excluded):
        fact = Feature(Concept(text=sign), excluded=excluded)
        if person in self.erased:
            return multiple()
        if fact in self.stands[person].values() or "care" not in self.agreed[person]:
            with pytest.raises(Refused):
                facts.enter(by=self.owner[person], person=Person.objects.get(pk=person), fact=fact)
            return multiple()
        row = facts.enter(by=self.owner[person], person=Person.objects.get(pk=person), fact=fact)
        self.stands[person][row.pk] = fact
        self.written += 1
        return (person, row.pk)

    @rule(target=rows, row=consumes(rows), sign=st.sampled_from(SIGNS), by_clinician=st.booleans())
    def correct(self, row, sign, by_clinician):
        person, number = row
        fact = Feature(Concept(text=sign), note="corrected")
        old = Fact.objects.filter(pk=number).first() or Fact(pk=number)
        by = self.clinician if by_clinician else self.owner[person]
        others = [each for key, each in self.stands[person].items() if key != number]
        if number not in self.stands[person] or fact in others or "care" not in self.agreed[person]:
            with pytest.raises(Refused), transaction.atomic():
                facts.correct(by=by, row=old, fact=fact)
            return row
        new = facts.correct(by=by, row=old, fact=fact)
        del self.stands[person][number]
        self.stands[person][new.pk] = fact
        self.written += 1
        return (person, new.pk)

    @rule(row=rows)
    def retract(self, row):
        person, number = row
        if number not in self.stands[person]:
            with pytest.raises(Refused):
                facts.retract(by=self.clinician, row=Fact(pk=number), why="a slip")
            return
        facts.retract(by=self.clinician, row=Fact.objects.get(pk=number), why="a slip")
        del self.stands[person][number]

    @rule(row=rows)
    def verify(self, row):
        person, number = row
        if number in self.stands[person] and Fact.objects.get(pk=number).by_id != self.clinician.pk:
            facts.verify(by=self.clinician, row=Fact.objects.get(pk=number))
            self.verified.add(number)
            assert Fact.objects.get(pk=number).verified_by_id == self.clinician.pk
        else:
            with pytest.raises(Refused):
                facts.verify(by=self.clinician, row=Fact(pk=number))

    @rule(target=tables, person=people, signs=st.sets(st.sampled_from(SIGNS), min_size=1))
    def preview(self, person, signs):
        if person in self.erased:
            return multiple()
        text = "patient,kind,what,status\n" + "".join(f"x,sign,{sign},present\n" for sign in sorted(signs))
        source = sources.read("table", text.encode(), Told())
        told = {
            "by": self.owner[person],
            "person": Person.objects.get(pk=person),
            "source": source,
            "said_by": "patient",
        }
        if "care" not in self.agreed[person]:
            with pytest.raises(Refused):
                previews.preview_for_person(**told)
            return multiple()
        return (person, previews.preview_for_person(**told).pk)

    @rule(target=rows, table=tables)
    def accept(self, table):
        """What the record says already is left out; what changed since is shown again, and then accepted."""
        person, number = table
        source, owner = Import.objects.filter(pk=number).first() or Import(pk=number), self.owner[person]
        said = [
            _said(from_document(row.kind, row.document))
            for row in ImportRow.objects.filter(source=number).order_by("pk")
        ]
        new = [fact for fact in said if fact not in self.stands.get(person, {}).values()]
        open_ = source.state == Import.State.PREVIEWED and person not in self.erased
        if not open_ or "care" not in self.agreed[person]:
            with pytest.raises(Refused):
                imports.accept(by=owner, source=source)
            return multiple()
        imports.look_again(by=owner, source=source)
        if not new:
            with pytest.raises(Refused):
                imports.accept(by=owner, source=source)
            return multiple()
        assert imports.accept(by=owner, source=source) == len(new)
        stored = {row.pk: _said(fact_of(row)) for row in Fact.objects.filter(source=number)}
        assert sorted(map(_words, stored.values())) == sorted(map(_words, new))
        self.stands[person] |= stored
        self.written += len(new)
        return multiple(*((person, key) for key in stored))

    @rule(table=tables)
    def undo(self, table):
        person, number = table
        source = Import.objects.filter(pk=number).first() or Import(pk=number)
        stored = Fact.objects.filter(source=number).values_list("pk", flat=True)
        gone = {key for key in stored if key in self.stands[person]} - self.verified
        if person in self.erased or source.state != Import.State.ACCEPTED:
            with pytest.raises(Refused):
                imports.undo(by=self.owner[person], source=source)
            return
        assert imports.undo(by=self.owner[person], source=source) == len(gone)
        for key in gone:
            del self.stands[person][key]

    @rule(person=people, purpose=st.sampled_from(PURPOSES), given=st.booleans())
    def consent(self, person, purpose, given):
        if person in self.erased:
            return
        decide(by=self.owner[person], person=Person.objects.get(pk=person), choices={purpose: given})
        (self.agreed[person].add if given else self.agreed[person].discard)(purpose)

    @rule(person=people)
    def erase(self, person):
        if person in self.erased:
            with pytest.raises(Refused):
                erase(by=self.owner[person], person=Person(pk=person))
            return
        erase(by=self.owner[person], person=Person.objects.get(pk=person))
        self.erased.add(person)
        self.stands[person], self.agreed[person] = {}, set()

    @invariant()
    def records_hold_what_stands(self):
        for pseudonym, stands in self.stands.items():
            if pseudonym in self.erased:
                continue
            record = record_of(Person.objects.get(pk=pseudonym))
            assert sorted(map(_words, record.features)) == sorted(map(_words, stands.values()))

    @invariant()
    def consent_is_what_was_decided_last(self):
        for pseudonym, agreed in self.agreed.items():
            if pseudonym in self.erased:
                continue
            person = Person.objects.get(pk=pseudonym)
            assert {purpose for purpose in PURPOSES if agrees(person, purpose)} == agreed
            assert {purpose for purpose, latest in decisions(person).items() if latest.given} == agreed
            assert may(self.clinician, "view-record", person) is ("centre" in agreed)

    @invariant()
    def nothing_of_the_erased_is_left(self):
        for model in (Fact, Identity, Consent, Tie, Draft, Import, ImportRow):
            assert not model.objects.filter(person__in=self.erased).exists()
        assert {e.person for e in erasures.read()} == self.erased
        assert unfinished() == ()

    @invariant()
    def the_log_counts_the_same(self):
        new = Entry.objects.filter(seq__gt=self.seen, place="registry_fact")
        assert new.filter(action="insert").count() == self.written
        assert self.written - new.filter(action="delete").count() == Fact.objects.filter(person__in=self.stands).count()
        assert set(Entry.objects.filter(action="erase").values_list("person", flat=True)) >= self.erased

    @invariant()
    def the_log_is_whole_and_a_replay_finds_nothing(self):
        assert chain.verify().fault == ""
        assert replay(erasures.read()) == 0


@pytest.mark.django_db
def test_any_sequence_leaves_counts_log_and_consent_consistent(key_ring):
    run_state_machine_as_test(
        Registry,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
