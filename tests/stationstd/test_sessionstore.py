"""A database that is lost while the session is saved is a 503, not a request that nobody can understand."""

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.urls import reverse

from stationstd import limits
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client, monkeypatch):
    """Logged in; each act of theirs is noted in the session."""
    person = factories.user("chief")
    client.force_login(person)
    client.get(reverse("home"))
    monkeypatch.setattr(limits, "GRAIN_SECONDS", -1)
    return person


def lost(execute, sql, params, many, context):
    if sql.startswith('UPDATE "django_session"'):
        raise OperationalError("server closed the connection unexpectedly")
    return execute(sql, params, many, context)


def test_a_connection_lost_while_the_session_is_saved_is_503(client, chief):
    client.raise_request_exception = False
    with connection.execute_wrapper(lost):
        response = client.get(reverse("home"))
    assert response.status_code == 503
    assert response.headers["Retry-After"]


def test_a_session_that_was_deleted_meanwhile_is_still_400(client, chief):
    def deleted(execute, sql, params, many, context):
        if sql.startswith('UPDATE "django_session"'):
            Session.objects.all().delete()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(deleted):
        assert client.get(reverse("home")).status_code == 400
