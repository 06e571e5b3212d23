"""Whatever the OpenAPI document of `/api/` allows, and much that it does not: schemathesis finds no fault.

It judges each answer by all its checks: no server error, only described statuses, forms and media types, wrong input
refused, methods that are not there refused, and nothing open without a key.
"""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from openpoems.web.api.actions import make_key
from openpoems.web.api.description import description
from openpoems.web.api.scopes import offered

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def site():
    """The whole site as a server sees it, on the connection of the test, which a request would close."""
    told = (request_started, request_finished)
    for signal in told:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in told:
        signal.connect(close_old_connections)


@pytest.fixture
def keys(cast, settings):
    """A key of a person, for her record, and one of a clinician, for the centre."""
    settings.API_PER_MINUTE = settings.IMPORTS_PER_HOUR = 1_000_000
    made = {}
    for user in (cast.users.alice, cast.users.nora):
        _key, secret = make_key(by=user, name="x", scopes=tuple(offered(user)), days=1)
        made[user.pk] = {"Authorization": f"Bearer {secret}"}
    return made[cast.users.alice.pk], made[cast.users.nora.pk]


def known(operation, cast):
    """What stands in the address of an operation, where it is there at all."""
    values = {"pseudonym": cast.people.alice.pk, "slug": "northtown"}
    return {name: value for name, value in values.items() if f"{{{name}}}" in operation.path}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_schemathesis_finds_nothing(cast, keys, site, mode):
    schema = schemathesis.openapi.from_dict(description())
    schema.app = site
    for found in schema.get_all_operations():
        operation = found.ok()
        headers = keys[1] if "slug" in operation.path else keys[0]
        # No schema says what the lines of a table must be: a text that is none is refused, and may be.
        passed_over = [positive_data_acceptance] if operation.method == "post" else []
        for fixed in (known(operation, cast), {})[: 2 if mode is GenerationMode.POSITIVE else 1]:
            ask(operation.as_strategy(mode, path_parameters=fixed or None), headers, passed_over)


def ask(cases, headers, passed_over):
    """Ask some of these cases, and have each answer judged."""

    @FEW
    @given(cases)
    def each(case):
        case.call_and_validate(headers=headers, excluded_checks=passed_over)

    each()
