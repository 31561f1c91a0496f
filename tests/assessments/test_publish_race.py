"""R21: publishing while reviewers verify. What comes out is what one after the other would have given."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections

from assessments import replaying, workflow
from assessments.models import Assessment, Layer, OfficialRank, Publication, Score, State
from personnel.roles import Role
from stationstd.refusals import Refused
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
STATIONS = 4
BLIND_SPOTS = "video.blind_spots"


@pytest.fixture
def period():
    """Everybody has submitted."""
    bureau = factories.bureau()
    for _each in range(STATIONS):
        factories.station(bureau=bureau)
    period = factories.period(bureau=bureau, objection_days=0)
    for assessment in period.assessments.with_places():
        factories.submitted(assessment)
    return period


def done_by(acts) -> list[str]:
    """What became of each act in turn: "done", or the code of the refusal; on a connection of its own."""
    found = []
    try:
        for act in acts:
            try:
                act()
                found.append("done")
            except Refused as refusal:
                found.append(refusal.code)
    finally:
        connections.close_all()
    return found


def verifying(assessment, spots, by):
    """From the first look to the confirmed result, and one change more that may come too late."""
    pk, criteria = assessment.pk, [c.id for c in assessment.period.edition.standard.criteria]

    def change(value, version):
        said = {"state": "answered", "reason": "现场核查。", "version": version, "round_": 1, "by": by}
        return lambda: workflow.change(pk, BLIND_SPOTS, value, op_id=uuid4(), **said)

    return [
        change(spots, 0),
        lambda: workflow.accept(pk, criteria, round_=1, by=by),
        lambda: workflow.finish(pk, round_=1, by=by),
        lambda: workflow.confirm(pk, round_=1, by=by),
        change(0, 1),
    ]


def test_a_publication_beside_verifying_reviewers_is_one_serial_order(period):
    """Whatever is confirmed when the ranks are made is in them whole; what comes later is refused."""
    bureau, assessments = period.bureau, list(period.assessments.with_places())
    reviewers = [factories.user(Role.REVIEWER, bureau) for _each in assessments]
    publisher = factories.user(Role.REVIEWER, bureau)
    start = Barrier(len(assessments) + 1)

    def verify(i):
        start.wait()
        return done_by(verifying(assessments[i], i, reviewers[i]))

    def publish():
        start.wait()
        tried = []
        while not tried or tried[-1] == "incomplete":
            tried += done_by([lambda: workflow.publish(period.pk, bureau=bureau, by=publisher)])
        return tried

    with ThreadPoolExecutor(len(assessments) + 1) as pool:
        publishing = pool.submit(publish)
        verified = list(pool.map(verify, range(len(assessments))))
        assert publishing.result()[-1] == "done"
    assert verified == [["done", "done", "done", "done", "state"]] * len(assessments)
    publication = Publication.objects.select_related("period__edition", "bureau").get()
    assert list(replaying.differences(publication)) == []
    assert set(Assessment.objects.values_list("state", flat=True)) == {State.PUBLISHED}
    for score in Score.objects.layer(Layer.CONFIRMED):
        assert score.total == sum(points or 0 for points in score.points)
    rates = list(OfficialRank.objects.for_period(period).order_by("rank").values_list("rate", flat=True))
    assert len(rates) == len(assessments)
    assert rates == sorted(rates, reverse=True)
