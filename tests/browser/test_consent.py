"""A person begins a record, decides, changes their mind and lets others in."""

import re

import pytest
from django.core import mail

from openpoems.web.accounts.models import Membership
from tests.cast import account


def link_in_mail() -> str:
    return re.search(r"https?://[^/]+(/invitations/\S+)", mail.outbox[-1].body).group(1)


def test_a_person_begins_a_record_and_consents(someone, cast):
    stan = someone(cast.users.stan)
    stan.opens("/")
    stan.finds_it_accessible()
    stan.presses("Begin a record")
    stan.finds_it_accessible()
    stan.keeps_a_picture("start")
    stan.presses("Begin my own record")
    stan.is_on("What you agree to")
    stan.finds_it_accessible()
    stan.keeps_a_picture("consent-first")
    for purpose in stan.page.get_by_role("group").all():
        purpose.get_by_label("I agree", exact=True).check()
    stan.presses("Write my decisions down")
    stan.is_on("Your centre")
    stan.finds_it_accessible()
    stan.chooses("Centre", "Northtown Clinic (GB)")
    stan.presses("Save")
    nora = someone(cast.users.nora)
    nora.opens(f"/people/{cast.users.stan.ties.get().person_id}/")
    nora.is_on("Record")


def test_a_person_withdraws_with_one_click(someone, cast):
    alice, nora = someone(cast.users.alice), someone(cast.users.nora)
    nora.opens(f"/people/{cast.people.alice.pk}/")
    nora.is_on(f"Record {cast.people.alice.pk}")
    alice.opens(f"/people/{cast.people.alice.pk}/consent/")
    alice.finds_it_accessible()
    alice.keeps_a_picture("consent")
    alice.presses("Withdraw", within="Let my centre see and complete it")
    alice.sees("counts from now on")
    nora.opens(f"/people/{cast.people.alice.pk}/")
    nora.is_on("There is no such page")
    nora.finds_it_accessible()


def test_the_receipt_is_a_pdf_that_names_nobody(someone, cast):
    alice = someone(cast.users.alice)
    alice.opens(f"/people/{cast.people.alice.pk}/consent/")
    name, content = alice.downloads("Receipt (PDF)")
    assert name == "consent-receipt.pdf"
    assert content.startswith(b"%PDF-")


def test_a_person_opts_out_altogether_and_comes_back(someone, cast):
    alice = someone(cast.users.alice)
    alice.opens(f"/people/{cast.people.alice.pk}/consent/")
    alice.presses("Opt out altogether")
    alice.finds_it_accessible()
    alice.presses("Opt out")
    alice.sees("You opted out altogether")
    alice.finds_it_accessible()
    alice.presses("Agree", within="Keep my record")
    alice.does_not_see("You opted out altogether")


def test_consent_is_decided_by_the_keyboard_alone(someone, cast):
    alice = someone(cast.users.alice)
    alice.opens(f"/people/{cast.people.alice.pk}/consent/")
    alice.tabs_to("Withdraw")
    alice.hits("Enter")
    alice.sees("counts from now on")


def test_consent_works_on_a_phone_without_javascript(someone, cast):
    bruno = someone(cast.users.bruno, phone=True, javascript=False)
    bruno.opens(f"/people/{cast.people.bruno.pk}/consent/")
    bruno.presses("Agree", within="Let my centre see and complete it")
    bruno.sees("counts from now on")
    bruno.keeps_a_picture("consent-phone")


def test_a_carer_is_invited_accepts_and_is_ended(someone, cast):
    alice = someone(cast.users.alice)
    alice.opens(f"/people/{cast.people.alice.pk}/carers/")
    alice.fills("E-mail address of your carer:", "stan@example.org")
    alice.presses("Send the invitation")
    alice.sees("stan@example.org")
    alice.finds_it_accessible()
    alice.keeps_a_picture("carers")
    stan = someone(cast.users.stan)
    stan.opens(link_in_mail())
    stan.is_on("You are invited")
    stan.finds_it_accessible()
    stan.presses("Accept")
    stan.sees("Set up a second step first")
    stan.finds_it_accessible()
    alice.opens(f"/people/{cast.people.alice.pk}/carers/")
    alice.sees("Stan")
    alice.presses("End")
    alice.sees("Nobody acts for you.")
    assert not cast.users.stan.ties.exists()


def test_a_lead_invites_a_clinician_who_accepts(someone, cast):
    lena = someone(cast.users.lena)
    lena.opens("/")
    lena.finds_it_accessible()
    lena.keeps_a_picture("home-lead")
    lena.presses("Staff")
    lena.fills("E-mail address:", "new@example.org")
    lena.chooses("Role:", "clinician")
    lena.presses("Send the invitation")
    lena.finds_it_accessible()
    lena.keeps_a_picture("staff")
    visitor = someone()
    visitor.opens(link_in_mail())
    visitor.finds_it_accessible()
    new = someone(account("new"))
    new.opens(link_in_mail())
    new.presses("Accept")
    new.sees("Set up a second step first")
    assert Membership.objects.get(user__email="new@example.org").centre == cast.centres.northtown
    visitor.opens(link_in_mail())
    visitor.is_on("This invitation cannot be accepted")
    visitor.finds_it_accessible()


def test_the_administrator_makes_a_centre_and_invites_its_lead(someone, cast):
    adam = someone(cast.users.adam)
    adam.opens("/site/centres/")
    adam.finds_it_accessible()
    adam.fills("Name:", "Eastvale Hospital")
    adam.fills("Country:", "PT")
    adam.presses("Make the centre")
    adam.fills("E-mail address:", "lead@example.org")
    adam.chooses("Role:", "centre lead")
    adam.chooses("Centre:", "Eastvale Hospital")
    adam.presses("Send the invitation")
    adam.sees("lead@example.org")
    adam.finds_it_accessible()
    adam.keeps_a_picture("site-members")


def test_consent_on_paper_is_written_down(someone, cast):
    from openpoems.web.registry.actions.people import add_person

    person = add_person(by=cast.users.nora, centre=cast.centres.northtown)
    abel = someone(cast.users.abel, phone=True)
    abel.opens(f"/centres/northtown/paper-consent/{person.pk}/")
    abel.finds_it_accessible()
    abel.page.get_by_role("group").first.get_by_label("Agreed", exact=True).check()
    abel.presses("Write it down")
    abel.sees("on paper, kept by the centre")
    abel.finds_it_accessible()
    abel.keeps_a_picture("paper-consent-phone")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("stan", "/start/"),
        ("alice", "/"),
        ("alice", "/people/ALICE/consent/"),
        ("alice", "/people/ALICE/consent/opt-out/"),
        ("alice", "/people/ALICE/centre/"),
        ("alice", "/people/ALICE/carers/"),
        ("pat", "/people/DORA/stop-caring/"),
        ("lena", "/centres/northtown/staff/"),
        ("adam", "/site/members/"),
        ("adam", "/site/centres/"),
        ("nora", "/site/centres/"),  # which is refused
    ],
)
def test_every_page_is_accessible_on_a_phone(someone, cast, name, address):
    person = someone(getattr(cast.users, name), phone=True)
    person.opens(address.replace("ALICE", cast.people.alice.pk).replace("DORA", cast.people.dora.pk))
    person.finds_it_accessible()
    person.keeps_a_picture(f"phone{address.replace('/', '-')}{name}")
