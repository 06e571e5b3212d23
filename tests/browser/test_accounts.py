"""Making an account, signing in, and the second step, as people do it."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import hotp_value
from django.core import mail

from tests.cast import PASSWORD


def code_in_mail() -> str:
    """The code of the last mail: it stands on a line of its own."""
    return re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)


def code_of_app(secret: str) -> str:
    """What an authenticator app would show now."""
    return f"{hotp_value(secret, int(time.time()) // 30):06d}"


def test_somebody_makes_an_account(someone):
    visitor = someone()
    visitor.opens("/")
    visitor.presses("Join")
    visitor.is_on("Make an account")
    visitor.finds_it_accessible()
    visitor.keeps_a_picture("signup")
    visitor.fills("Email:", "new@example.org")
    visitor.fills("Password:", PASSWORD)
    visitor.fills("Password (again):", PASSWORD)
    visitor.presses("Make my account")
    visitor.is_on("Type the code from the mail")
    visitor.finds_it_accessible()
    visitor.keeps_a_picture("signup-code")
    visitor.fills("Code:", code_in_mail())
    visitor.presses("Confirm")
    visitor.presses("My account")
    visitor.sees("new@example.org")


def test_a_forgotten_password_is_replaced(someone, cast):
    alice = someone()
    alice.opens("/accounts/login/")
    alice.finds_it_accessible()
    alice.keeps_a_picture("login")
    alice.presses("Forgot your password?")
    alice.finds_it_accessible()
    alice.fills("Email:", "alice@example.org")
    alice.presses("Send me a code")
    alice.finds_it_accessible()
    alice.fills("Code:", code_in_mail())
    alice.presses("Confirm")
    alice.finds_it_accessible()
    alice.fills("New Password:", "another long and dull phrase")
    alice.fills("New Password (again):", "another long and dull phrase")
    alice.presses("Change my password")
    alice.opens("/accounts/login/")
    alice.fills("Email:", "alice@example.org")
    alice.fills("Password:", "another long and dull phrase")
    alice.presses("Sign in")
    alice.presses("My own record")


def signs_in(person, name: str) -> None:
    person.opens("/accounts/login/")
    person.fills("Email:", f"{name}@example.org")
    person.fills("Password:", PASSWORD)
    person.presses("Sign in")


def test_staff_is_led_to_the_second_step_and_sets_it_up(someone, cast):
    cast.users.nora.authenticator_set.all().delete()
    nora = someone()
    signs_in(nora, "nora")
    nora.opens(f"/people/{cast.people.alice.pk}/")
    nora.is_on("Second step of signing in")
    nora.finds_it_accessible()
    nora.keeps_a_picture("mfa-needed")
    nora.presses("Set up an app")
    nora.is_on("Is it you?")
    nora.finds_it_accessible()
    nora.fills("Password:", PASSWORD)
    nora.presses("Confirm")
    nora.is_on("Set up the app")
    nora.finds_it_accessible()
    nora.keeps_a_picture("mfa-totp")
    secret = nora.page.get_by_label("Secret").input_value()
    nora.fills("Authenticator code:", code_of_app(secret))
    nora.presses("Use this app")
    nora.finds_it_accessible()
    nora.keeps_a_picture("recovery-codes")
    nora.opens(f"/people/{cast.people.alice.pk}/")
    nora.is_on(f"Record {cast.people.alice.pk}")


def test_a_password_alone_opens_nothing_once_there_is_a_second_step(someone, cast):
    nora = someone()
    signs_in(nora, "nora")
    nora.is_on("Second step of signing in")
    nora.finds_it_accessible()
    nora.keeps_a_picture("mfa-authenticate")
    nora.opens(f"/people/{cast.people.alice.pk}/")
    nora.is_on("Second step of signing in")
    nora.fills("Code:", code_of_app("JBSWY3DPEHPK3PXP"))
    nora.presses("Sign in")
    nora.opens(f"/people/{cast.people.alice.pk}/")
    nora.is_on(f"Record {cast.people.alice.pk}")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize(
    "address",
    [
        "email/",
        "password/change/",
        "logout/",
        "2fa/",
        "2fa/totp/deactivate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "2fa/recovery-codes/generate/",
        "3rdparty/",
    ],
)
def test_every_page_of_an_account_is_accessible(someone, cast, address, phone):
    lena = someone(cast.users.lena, phone=phone)
    lena.opens(f"/accounts/{address}")
    lena.finds_it_accessible()
    lena.keeps_a_picture(f"accounts-{address.replace('/', '-')}{'phone' if phone else 'desk'}")


def test_an_account_is_made_by_the_keyboard_alone(someone):
    visitor = someone()
    visitor.opens("/accounts/signup/")
    for label, words in (
        ("Email:", "keys@example.org"),
        ("Password:", PASSWORD),
        ("Password (again):", PASSWORD),
    ):
        visitor.tabs_to(label)
        visitor.types(words)
    visitor.hits("Enter")
    visitor.is_on("Type the code from the mail")
    visitor.tabs_to("Code:")
    visitor.types(code_in_mail())
    visitor.hits("Enter")
    visitor.is_on("For whom do you keep a record?")
    visitor.tabs_to("Begin my own record")
    visitor.hits("Enter")
    visitor.is_on("What you agree to")
    visitor.tabs_to("I agree")
    visitor.hits("Space")
    visitor.tabs_to("Write my decisions down")
    visitor.hits("Enter")
    visitor.is_on("Your centre")


def test_a_passkey_is_added_and_opens_the_account_alone(someone, cast):
    cast.users.nora.authenticator_set.all().delete()
    nora = someone()
    holds_a_key(nora)
    signs_in(nora, "nora")
    nora.opens("/accounts/2fa/")
    nora.presses("Add a passkey")
    nora.fills("Password:", PASSWORD)
    nora.presses("Confirm")
    nora.is_on("Add a passkey or security key")
    nora.ticks("It opens my account alone")
    nora.presses("Add it")
    nora.is_on("Recovery codes")
    nora.opens("/accounts/2fa/webauthn/")
    nora.finds_it_accessible()
    nora.keeps_a_picture("passkeys")
    nora.presses("Sign out")
    nora.opens("/accounts/login/")
    nora.presses("Sign in with a passkey")
    nora.is_on("Welcome")
    nora.opens(f"/people/{cast.people.alice.pk}/")
    nora.is_on(f"Record {cast.people.alice.pk}")


def test_a_key_is_the_second_step_after_a_password(someone, cast):
    cast.users.nora.authenticator_set.all().delete()
    nora = someone()
    holds_a_key(nora)
    signs_in(nora, "nora")
    nora.opens("/accounts/2fa/webauthn/add/")
    nora.fills("Password:", PASSWORD)
    nora.presses("Confirm")
    nora.is_on("Add a passkey or security key")
    nora.presses("Add it")
    nora.is_on("Recovery codes")
    nora.presses("Sign out")
    signs_in(nora, "nora")
    nora.is_on("Second step of signing in")
    nora.presses("Use a passkey or security key")
    nora.is_on("Welcome")


def holds_a_key(person) -> None:
    """A security key that says yes, as Chromium can pretend to have one."""
    tools = person.page.context.new_cdp_session(person.page)
    tools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**key, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
