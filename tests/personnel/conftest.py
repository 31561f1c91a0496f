"""A station with its chief, and the security administrator who keeps accounts."""

import pytest

from tests import factories


@pytest.fixture
def station(db):
    return factories.station(code="CG01")


@pytest.fixture
def chief(station):
    return factories.user("chief", station, username="cg-chief", name="李所长")


@pytest.fixture
def secadmin(db):
    return factories.user("secadmin", username="sec", name="安全员")


@pytest.fixture
def as_(client):
    """The test client, logged in as this person, reading English."""

    def log_in(person):
        client.force_login(person)
        client.cookies["django_language"] = "en"
        return client

    return log_in
