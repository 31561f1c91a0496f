"""No audit, no change: while the database may not record, acts are answered 503 and nothing of them stays."""

import pytest
from django.db import connection
from django.urls import reverse

from assessments.models import Assessment, State, Submission
from audit import roles
from audit.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def recording():
    """The application works with its own role; recording(False) takes away its right to record, True gives it back."""
    roles.settle()

    def may(it: bool):
        verb = "GRANT INSERT ON audit_event TO" if it else "REVOKE INSERT ON audit_event FROM"
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"{verb} {roles.APP}")
            cursor.execute(f"SET LOCAL ROLE {roles.APP}")

    yield may
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.fixture
def visitor(client):
    """A browser that is shown the answer to an error, as everybody is."""
    client.raise_request_exception = False
    return client


def test_a_submission_that_cannot_be_recorded_does_not_happen(visitor, recording):
    assessment = factories.filled(factories.assessment())
    chief = factories.anybody("chief", assessment.station)
    visitor.force_login(chief)
    address = reverse("assessments:submit", args=[assessment.pk])

    recording(False)
    refused = visitor.post(address, {"round": assessment.round, "declared": "on"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert Assessment.objects.get(pk=assessment.pk).state == State.DRAFT
    assert not Submission.objects.exists()

    recording(True)
    assert visitor.post(address, {"round": assessment.round, "declared": "on"}).status_code == 302
    assert Assessment.objects.get(pk=assessment.pk).state == State.SUBMITTED


def test_a_login_that_cannot_be_recorded_does_not_happen(visitor, recording):
    factories.user("auditor", username="auditor", password=factories.PASSWORD)
    typed = {"username": "auditor", "password": factories.PASSWORD}

    recording(False)
    assert visitor.post(reverse("login"), typed).status_code == 503
    assert visitor.get(reverse("audit:list")).status_code == 302

    recording(True)
    assert visitor.post(reverse("login"), typed).status_code == 302
    assert Event.objects.filter(action="login").count() == 1


def test_the_log_is_not_shown_when_reading_it_cannot_be_recorded(visitor, recording):
    visitor.force_login(factories.user("auditor"))
    recording(False)
    assert visitor.get(reverse("audit:list")).status_code == 503
