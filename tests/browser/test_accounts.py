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
    visitor.is_on("Enter Email Verification Code")
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
    alice.presses("Reset My Password")
    alice.finds_it_accessible()
    alice.fills("Code:", code_in_mail())
    alice.presses("Confirm")
    alice.finds_it_accessible()
    alice.fills("New Password:", "another long and dull phrase")
    alice.fills("New Password (again):", "another long and dull phrase")
    alice.presses("Change Password")
    alice.opens("/accounts/login/")
    alice.fills("Email:", "alice@example.org")
    alice.fills("Password:", "another long and dull phrase")
    alice.presses("Sign in")
    alice.presses("My own record")


def test_staff_sets_up_the_second_step_and_signs_in_with_it(someone, cast):
    cast.users.nora.authenticator_set.all().delete()
    nora = someone()
    nora.opens("/accounts/login/")
    nora.fills("Email:", "nora@example.org")
    nora.fills("Password:", PASSWORD)
    nora.presses("Sign in")
    nora.opens(f"/people/{cast.people.alice.pk}/")
    nora.is_on("Second step of signing in")
    nora.finds_it_accessible()
    nora.keeps_a_picture("mfa-needed")
    nora.presses("Set up an app")
    if "Confirm" in nora.page.get_by_role("heading", level=1).inner_text():
        nora.finds_it_accessible()
        nora.keeps_a_picture("reauthenticate")
        nora.fills("Password:", PASSWORD)
        nora.presses("Confirm")
    nora.finds_it_accessible()
    nora.keeps_a_picture("mfa-totp")
    secret = nora.page.get_by_label("Authenticator secret").input_value()
    nora.fills("Authenticator code:", code_of_app(secret))
    nora.presses("Activate")
    nora.finds_it_accessible()
    nora.keeps_a_picture("recovery-codes")
    nora.opens(f"/people/{cast.people.alice.pk}/")
    nora.is_on(f"Record {cast.people.alice.pk}")

    again = someone()
    again.opens("/accounts/login/")
    again.fills("Email:", "nora@example.org")
    again.fills("Password:", PASSWORD)
    again.presses("Sign in")
    again.finds_it_accessible()
    again.keeps_a_picture("mfa-authenticate")
    again.opens(f"/people/{cast.people.alice.pk}/")
    again.is_on("Two-Factor Authentication")


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
