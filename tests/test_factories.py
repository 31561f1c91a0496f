"""The factories lead through the whole quarter."""

import pytest

from assessments.models import OfficialRank, Publication, Returning, Score, State
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def period():
    return factories.period()


def test_a_new_period_is_prefilled_from_the_registers(period):
    assessment = factories.assessment(period)

    facts = {metric: cell for row in assessment.answers.all() for metric, cell in row.facts.items()}

    assert facts["station.residents"]["v"] == 47_970
    assert facts["staff.officers"] == {"v": 7, "s": "answered", "from": "register", "n": 1}
    assert "video.linked" not in facts


def test_a_period_can_stay_closed():
    assert factories.period(open=False).assessments.count() == 0


def test_answers_are_typed_one_by_one(period):
    assessment = factories.answered(factories.assessment(period), {"video.blind_spots": 3})

    assert assessment.answers.get(dimension="zones").facts["video.blind_spots"]["v"] == 3
    assert assessment.changes.get().new["from"] == "typed"


def test_a_submitted_assessment_has_its_digest_and_its_score(period):
    assessment = factories.submitted(factories.assessment(period), {"video.blind_spots": 1})

    assert assessment.state == State.SUBMITTED
    assert assessment.submissions.count() == 1
    # service zone 2, video linked 1, one blind spot 0.75, load 0, at least five officers 2, education 1
    assert Score.objects.get(assessment=assessment, layer="self").total == 675


def test_an_assessment_can_be_returned_and_handed_in_again(period):
    assessment = factories.returned(factories.assessment(period), reason="照片不清。", items={"zones.service": "重拍"})
    again = factories.submitted(assessment)

    assert Returning.objects.get().reason == "照片不清。"
    assert (again.state, again.round) == (State.SUBMITTED, 2)


def test_a_changed_fact_lowers_the_verified_score(period):
    assessment = factories.verified(factories.changed(factories.assessment(period), "video.linked", 0))

    assert assessment.state == State.VERIFIED
    assert Score.objects.get(assessment=assessment, layer="verified").total == 600


def test_a_published_period_has_ranks(period):
    factories.published(period)

    assert Publication.objects.get().period == period
    # 城关 7 of 10; 北社 with 4 officers 5 of 10
    assert [(r.assessment.station.name, r.rank, r.rate) for r in OfficialRank.objects.with_places()] == [
        ("城关派出所", 1, 7000),
        ("北社派出所", 2, 5000),
    ]


def test_a_login_needs_a_password_only_where_it_is_typed(client):
    reviewer = factories.user("reviewer", password=factories.PASSWORD)

    assert client.login(username=reviewer.username, password=factories.PASSWORD)
    assert not factories.user("auditor").has_usable_password()
