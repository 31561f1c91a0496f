"""The demo is loaded once for all tests that look at it and taken away after them."""

from datetime import date

import pytest
from django.db import connection, transaction

from assessments.demo import loader

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="package")
def demo(django_db_setup, django_db_blocker):
    """The whole demo as of 21 November 2026, for every test of this folder; each works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert loader.load(today=TODAY)
        connection.check_constraints()  # else every test checks the demo's foreign keys again
        yield
        transaction.set_rollback(True)
