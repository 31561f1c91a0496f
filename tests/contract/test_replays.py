"""T2, T5, T6: what is sent twice takes effect once, what is old takes none, a digest says what was handed in."""

from uuid import uuid4

import pytest
from django.urls import reverse

from assessments import answers, digests
from assessments.models import AnswerChange, Assessment, State, Submission
from tests import factories

from .racing import FIGURE, SCRIPT, Station, at_once

ROUNDS = 20


def test_a_form_from_an_old_tab_never_comes_back(db):
    """T5"""
    station = Station(factories.filled(factories.assessment(factories.period())))
    client, address = station.client(), reverse("assessments:save", args=[station.assessment.pk])
    version = int(station.version(FIGURE))
    said = {"metric": FIGURE, "value": "21", "version": str(version), "op_id": str(uuid4())}
    assert client.post(address, said).status_code == 302
    history = AnswerChange.objects.count()
    assert client.post(address, said).status_code == 302
    assert (
        client.post(address, said | {"value": "99"}).status_code == 302
    )  # the op was done; its words are not read again
    stale = client.post(address, said | {"op_id": str(uuid4()), "value": "33"}, headers=SCRIPT)
    assert (stale.status_code, stale.json()["code"], stale.json()["current"][0]) == (409, "stale", 21)
    for wrong in ("1.0", "-1", "999999999999", "1e3", "", "one", "٣", " 1", "0x1"):
        assert client.post(address, said | {"version": wrong, "op_id": str(uuid4())}).status_code == 400, wrong
    for wrong in ("", "1", "not-a-uuid", "0" * 33):
        assert client.post(address, said | {"op_id": wrong}).status_code == 400, wrong
    for lacking in ("version", "op_id"):
        rest = {key: value for key, value in said.items() if key != lacking}
        told = client.post(address, rest, headers=SCRIPT)
        assert (told.status_code, told.json()["code"]) == (428, "precondition")
    assert AnswerChange.objects.count() == history
    stands = answers.own_cells(station.assessment, "self")[FIGURE]
    assert (stands.value, stands.version) == (21, version + 1)


def test_a_submit_from_before_a_return_is_refused(db):
    """T6"""
    station = Station(factories.filled(factories.assessment(factories.period())))
    client, address = station.client(), reverse("assessments:submit", args=[station.assessment.pk])
    captured = {"round": "1", "declared": "on"}
    assert client.post(address, captured).status_code == 302
    again = client.post(address, captured, headers=SCRIPT)
    assert (again.status_code, again.json()["code"]) == (409, "state")
    returned = factories.returned(Assessment.objects.with_places().get(pk=station.assessment.pk))
    old = client.post(address, captured, headers=SCRIPT)
    assert (old.status_code, old.json()["code"]) == (409, "stale")
    assert client.post(address, {}, headers=SCRIPT).status_code == 428
    returned.refresh_from_db()
    assert returned.state == State.RETURNED
    assert list(Submission.objects.values_list("round", flat=True)) == [1]


@pytest.mark.django_db(transaction=True)
def test_in_twenty_rounds_what_is_submitted_among_saves_is_what_its_digest_says():
    """T2"""
    station = Station(factories.filled(factories.assessment(factories.period())))
    clients = [station.client() for _ in range(4)]
    reviewer = factories.anybody("reviewer", station.assessment.bureau)
    for turn in range(ROUNDS):
        works = [lambda c=c, n=n, t=turn: station.save(c, str(100 * n + t)) for n, c in enumerate(clients[1:], 1)]
        told = at_once([lambda: station.submit(clients[0]), *works])
        assert told[0].status_code == 302
        assert {answer.status_code for answer in told[1:]} <= {302, 409}
        stands = Assessment.objects.with_places().get(pk=station.assessment.pk)
        handed_in = Submission.objects.get(assessment=stands, round=stands.round)
        assert handed_in.digest == digests.of_assessment(stands)
        station.assessment = factories.returned(stands, by=reviewer)
    assert Submission.objects.count() == ROUNDS
