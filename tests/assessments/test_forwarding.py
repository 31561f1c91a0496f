"""Carrying forward what has not changed: what is offered, what is applied, and that nothing typed is touched."""

from copy import deepcopy
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import answers, sealed, workflow
from assessments.models import AnswerChange, Assessment, Evidence
from tests import factories
from tests.assessments import files
from tests.assessments.sheets import Counted, text_of
from tests.shared import rows

pytestmark = pytest.mark.django_db
OFFICERS, LINKED, SPOTS = "staff.officers", "video.linked", "video.blind_spots"
PROVED = "zones.service"  # the criterion that asks for evidence
SHOWN = {f"carry.{LINKED}": "1", f"carry.{SPOTS}": "13", f"carry.{OFFICERS}": "7"}


def two_quarters():
    """城关 (7 officers in the register, the figure cleared), a quarter after one with 13 blind spots and the link."""
    first = factories.assessment()
    factories.filled(first, {SPOTS: 13, LINKED: 1})
    factories.published(first.period)
    day = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)}
    place, edition = first.period.bureau, first.period.edition
    second = factories.period(bureau=place, edition=edition, previous=first.period, name="本季", **day)
    return factories.answered(factories.assessment(second, first.station), {OFFICERS: None})


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(two_quarters, django_db_blocker)


@pytest.fixture
def assessment(made, db, client):
    here = deepcopy(made)
    client.force_login(factories.user("chief", here.station))
    client.cookies["django_language"] = "en"
    return here


def page(assessment):
    return reverse("assessments:carry", args=[assessment.pk])


def carry(client, assessment, shown=None, **more):
    return client.post(page(assessment), {"op_id": uuid4(), "dimension": ""} | (shown or SHOWN) | more)


def stands(assessment, metric):
    return answers.cells(assessment).get(metric, answers.Cell())


def test_the_list_shows_every_value_and_where_it_comes_from_and_writes_nothing(client, assessment):
    before = AnswerChange.objects.count()
    text = text_of(client.get(page(assessment)))
    assert [f'name="{name}" value="{value}" checked' in text for name, value in SHOWN.items()] == [True] * 3
    assert "from last period" in text
    assert "from the register" in text
    assert AnswerChange.objects.count() == before
    staffing = text_of(client.get(page(assessment), {"dimension": "staffing"}))
    assert OFFICERS in staffing
    assert SPOTS not in staffing


def test_where_nothing_is_left_on_its_page_the_rest_of_the_sheet_is_shown(client, assessment):
    factories.answered(assessment, {OFFICERS: 7})
    text = text_of(client.get(page(assessment), {"dimension": "staffing"}))
    assert f"carry.{SPOTS}" in text
    assert 'name="dimension" value=""' in text


def test_everything_that_is_ticked_is_carried_with_its_history(client, assessment):
    op_id = uuid4()
    assert carry(client, assessment, op_id=op_id).status_code == 302
    assert stands(assessment, SPOTS) == answers.Cell(13, "answered", "carried", 1)
    assert stands(assessment, OFFICERS) == answers.Cell(7, "answered", "register", 3)
    changes = {change.metric: change for change in AnswerChange.objects.filter(op_id=op_id)}
    assert set(changes) == {OFFICERS, LINKED, SPOTS}
    assert (changes[SPOTS].old, changes[SPOTS].new["v"], changes[OFFICERS].old["n"]) == (None, 13, 2)
    assert "3 figures carried forward" in text_of(
        client.get(reverse("assessments:fill", args=[assessment.pk, "zones"]))
    )
    again = text_of(client.get(page(assessment)))
    assert [name for name in SHOWN if name in again] == []


def test_what_is_not_ticked_stays_empty(client, assessment):
    carry(client, assessment, {f"carry.{LINKED}": "1"})
    assert stands(assessment, LINKED).value == 1
    assert stands(assessment, SPOTS).state == "missing"


def test_a_value_typed_meanwhile_is_left_alone_and_said(client, assessment):
    factories.answered(assessment, {SPOTS: 4})
    response = client.post(page(assessment), SHOWN | {"op_id": uuid4()}, follow=True)
    assert stands(assessment, SPOTS) == answers.Cell(4, "answered", "typed", 1)
    assert stands(assessment, LINKED).value == 1
    assert "somebody has answered them meanwhile: 1" in text_of(response)


def test_sent_twice_it_takes_effect_once_even_after_a_clearing(client, assessment):
    op_id = uuid4()
    carry(client, assessment, op_id=op_id)
    factories.answered(assessment, {SPOTS: None})
    assert carry(client, assessment, op_id=op_id).status_code == 302
    assert stands(assessment, SPOTS).state == "missing"
    assert AnswerChange.objects.filter(op_id=op_id).count() == 3


def test_another_value_than_the_one_shown_applies_nothing_and_shows_the_list_anew(client, assessment):
    response = carry(client, assessment, SHOWN | {f"carry.{OFFICERS}": "99"})
    assert response.status_code == 409
    assert "Nothing was carried forward" in text_of(response)
    assert stands(assessment, LINKED).state == "missing"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"carry.police.fines": "1"}, 400),
        ({"verified_score": "1"}, 400),
        ({"op_id": "x"}, 400),
        ({"dimension": "no"}, 404),
    ],
)
def test_what_does_not_belong_is_refused_beside_what_does(client, assessment, more, status):
    assert carry(client, assessment, **more).status_code == status
    assert stands(assessment, LINKED).state == "missing"


def test_without_an_op_id_nothing_is_carried(client, assessment):
    assert client.post(page(assessment), SHOWN).status_code == 428


def test_after_the_due_time_and_after_submitting_nothing_is_carried(client, assessment):
    factories.due(assessment)
    assert carry(client, assessment).status_code == 409
    assert stands(assessment, LINKED).state == "missing"
    factories.due(assessment, assessment.period.due_at)
    submitted = factories.submitted(assessment, {LINKED: 0, OFFICERS: 7})
    assert carry(client, submitted).status_code == 409
    assert stands(submitted, LINKED).value == 0


def test_another_stations_people_find_nothing(client, assessment):
    client.force_login(factories.user("chief", factories.station(bureau=assessment.bureau)))
    assert client.get(page(assessment)).status_code == 404
    assert carry(client, assessment).status_code == 404
    assert stands(assessment, LINKED).state == "missing"


def test_an_estimate_stays_one_and_what_this_edition_would_refuse_is_not_offered(client, assessment):
    previous = factories.assessment(assessment.period.previous, assessment.station)
    pages = previous.answers.filter(layer="self")
    zones = pages.get(dimension="zones")
    facts = zones.facts | {LINKED: zones.facts[LINKED] | {"s": "estimated"}, SPOTS: zones.facts[SPOTS] | {"v": 999}}
    pages.filter(pk=zones.pk).update(facts=facts)
    text = text_of(client.get(page(assessment)))
    assert f"carry.{SPOTS}" not in text
    assert "Estimated" in text
    carry(client, assessment, {f"carry.{LINKED}": "1"})
    assert stands(assessment, LINKED).state == "estimated"


def test_the_writing_takes_one_statement_however_many_figures(client, assessment):
    with Counted() as one:
        assert carry(client, assessment, {f"carry.{SPOTS}": "13"}).status_code == 302
    factories.answered(assessment, {SPOTS: None})
    with Counted() as three:
        assert carry(client, assessment).status_code == 302
    assert len(three.own) == len(one.own)
    assert sum("assessments_answerchange (" in sql for sql in three.own) == 1


@pytest.fixture
def proof(assessment, settings, tmp_path):
    """A photo of the service zone of last period, really there, beside one whose file is gone."""
    settings.VAR = tmp_path
    before = Assessment.objects.get(period=assessment.period.previous, station=assessment.station)
    lost = Evidence.objects.get(assessment=before, criterion=PROVED)
    proof = factories.evidence(before, PROVED, name="服务区.jpg")
    Evidence.objects.filter(pk=proof.pk).update(digest=sealed.evidence.seal(files.jpeg()))
    return proof, lost


def attached(assessment):
    return list(Evidence.objects.present().filter(assessment=assessment).values_list("name", "carried_from"))


def test_evidence_that_still_holds_comes_along_in_the_same_act_and_once(client, assessment, proof):
    proof, _lost = proof
    shown, op_id = SHOWN | {f"file.{proof.pk}": "on"}, uuid4()
    assert f'name="file.{proof.pk}" checked' in text_of(client.get(page(assessment)))
    response = client.post(page(assessment), shown | {"op_id": op_id}, follow=True)
    assert response.redirect_chain[0][0] == reverse("assessments:check", args=[assessment.pk])
    assert "1 file of last period is attached again." in text_of(response)
    assert attached(assessment) == [("服务区.jpg", proof.pk)]
    again = Evidence.objects.get(assessment=assessment)
    workflow.remove_evidence(again.pk, by=factories.anybody("chief", assessment.station))
    assert carry(client, assessment, shown, op_id=op_id).status_code == 302
    assert attached(assessment) == []


def test_files_alone_take_effect_once_too(client, assessment, proof):
    proof, _lost = proof
    shown, op_id = {f"file.{proof.pk}": "on"}, uuid4()
    for _time in range(2):
        assert carry(client, assessment, shown, op_id=op_id).status_code == 302
    assert attached(assessment) == [("服务区.jpg", proof.pk)]
    assert stands(assessment, SPOTS).state == "missing"


def test_a_file_that_is_not_whole_is_named_and_left_and_the_rest_is_carried(client, assessment, proof):
    proof, lost = proof
    shown = SHOWN | {f"file.{proof.pk}": "on", f"file.{lost.pk}": "on"}
    response = client.post(page(assessment), shown | {"op_id": uuid4()}, follow=True)
    assert f"“{lost.name}” was not taken" in text_of(response)
    assert attached(assessment) == [("服务区.jpg", proof.pk)]
    assert stands(assessment, SPOTS).value == 13


def test_where_something_is_attached_by_now_the_old_file_stays_where_it_was(client, assessment, proof):
    proof, _lost = proof
    factories.evidence(assessment, PROVED, name="新照片.jpg")
    assert f"file.{proof.pk}" not in text_of(client.get(page(assessment)))
    response = client.post(page(assessment), {f"file.{proof.pk}": "on", "op_id": uuid4()}, follow=True)
    assert "somebody has answered them meanwhile: 1" in text_of(response)
    assert attached(assessment) == [("新照片.jpg", None)]


def test_files_that_are_not_the_stations_of_last_period_are_refused(client, assessment, proof):
    proof, _lost = proof
    here = factories.evidence(assessment, PROVED)
    other = factories.evidence(Assessment.objects.exclude(station=assessment.station).first(), PROVED)
    for file in (here.pk, other.pk, uuid4(), "x"):
        assert carry(client, assessment, SHOWN | {f"file.{file}": "on"}).status_code == 400
    assert stands(assessment, LINKED).state == "missing"


def test_what_has_expired_or_did_not_come_back_is_not_offered(client, assessment, proof):
    proof, lost = proof
    Evidence.objects.filter(pk=proof.pk).update(valid_until=date(2026, 9, 30))
    text = text_of(client.get(page(assessment)))
    assert f"file.{proof.pk}" not in text
    assert f"file.{lost.pk}" in text
    returned = factories.returned(factories.filled(assessment, {OFFICERS: 7}), items={"staffing.load": "请核对。"})
    Evidence.objects.filter(assessment=returned).update(removed_at=timezone.now(), removed_by=lost.added_by)
    assert f"file.{lost.pk}" not in text_of(client.get(page(returned)))
