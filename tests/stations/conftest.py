"""城关 with its chief, its neighbour 北社 with another, and the people above both."""

import pytest

from tests import factories


@pytest.fixture
def bureau(db):
    return factories.bureau(code="140000")


@pytest.fixture
def station(bureau):
    return factories.station(bureau=bureau, code="CG01")


@pytest.fixture
def chief(station):
    return factories.user("chief", station, username="cg-chief", name="李所长")


@pytest.fixture
def stranger(bureau):
    """The chief of another station of the same bureau."""
    return factories.user("chief", factories.station("北社派出所", bureau=bureau, code="BS01"))


@pytest.fixture
def reviewer(bureau):
    return factories.user("reviewer", bureau)


@pytest.fixture
def leader(bureau):
    return factories.user("leader", bureau)


@pytest.fixture
def sysadmin(bureau):
    return factories.user("sysadmin", bureau)


@pytest.fixture
def as_(client):
    """The test client, logged in as this person, reading English."""

    def log_in(person):
        client.force_login(person)
        client.cookies["django_language"] = "en"
        return client

    return log_in
