"""The scene of the access matrix, and one client for each role."""

import pytest

from tests.access.scene import build
from tests.access.walk import clients


@pytest.fixture
def scene(db):
    return build()


@pytest.fixture
def logged_in(scene):
    """{role: client}"""
    return dict(clients(scene))
