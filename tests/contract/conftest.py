"""The scene of the access matrix, and one client for each role."""

from copy import deepcopy

import pytest

from tests.access.scene import build
from tests.access.walk import clients
from tests.shared import rows


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(build, django_db_blocker)


@pytest.fixture
def scene(made, db):
    return deepcopy(made)


@pytest.fixture
def logged_in(scene):
    """{role: client}"""
    return dict(clients(scene))
