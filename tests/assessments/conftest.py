import pytest

from personnel.roles import Role
from tests import factories


@pytest.fixture
def bureau():
    return factories.bureau()


@pytest.fixture
def assessment():
    return factories.assessment(factories.period())


@pytest.fixture
def chief(client, assessment):
    """Of the assessment's station, logged in, reading English."""
    chief = _logged_in(Role.CHIEF, assessment.station, client)
    client.cookies["django_language"] = "en"
    return chief


@pytest.fixture
def reviewer(bureau, client):
    """Logged in."""
    return _logged_in(Role.REVIEWER, bureau, client)


@pytest.fixture
def leader(bureau, client):
    """Logged in."""
    return _logged_in(Role.LEADER, bureau, client)


def _logged_in(role: Role, place, client):
    person = factories.user(role, place)
    client.force_login(person)
    return person
