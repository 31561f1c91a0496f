"""The open quarter shows an extension, an objection that waits, and one answer of each kind."""

import pytest

from assessments import objections
from assessments.models import Extension, Objection, State
from personnel.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_one_objection_waits_one_was_upheld_and_one_dismissed():
    outcomes = list(Objection.objects.order_by("outcome").values_list("outcome", flat=True))
    assert outcomes == ["", "dismissed", "upheld"]
    upheld = Objection.objects.get(outcome="upheld")
    assert upheld.change > 0
    assert upheld.decided_by.username == "city.reviewer"


def test_the_reviewer_of_the_city_can_answer_what_waits():
    waiting, answered = objections.inbox(User.objects.get(username="city.reviewer"))
    assert (len(waiting), len(answered)) == (1, 2)
    assert waiting[0].assessment.state == State.VERIFIED


def test_one_station_was_given_more_time():
    extension = Extension.objects.get()
    assert extension.assessment.due_at == extension.due_at > extension.old_due_at
