"""One answer, saved by itself: what it moves, what is refused at its field, and that nothing takes effect twice."""

from uuid import uuid4

import pytest
from django.urls import reverse

from assessments import answers
from assessments.models import AnswerChange, Answers
from tests import factories
from tests.assessments.sheets import HTMX, Counted, page, save, text_of

pytestmark = pytest.mark.django_db
OFFICERS = "staff.officers"


@pytest.fixture
def assessment():
    """城关, its register filled: 47,970 residents, 7 officers."""
    return factories.assessment(factories.period(edition=factories.edition()))


def stands(assessment, metric=OFFICERS):
    return answers.cells(assessment)[metric]


def test_sixteen_officers_win_the_five_points_that_seven_do_not(client, chief, assessment):
    """47,970 / 7 = 6,852.86 > 3,000: 0 of 5. 47,970 / 16 = 2,998.125 ≤ 3,000: 5 of 5."""
    before = text_of(client.get(page(assessment)))
    after = text_of(save(client, assessment, OFFICERS, "16", version=1))
    assert "6,852.86" in before
    assert "16 officers needed: 9 more win full points" in before
    assert "2,998.13" in after
    assert 'id="worth-staffing.load" hx-swap-oob="true"><strong>5</strong> / 5' in after


def test_the_answer_says_when_it_was_saved_and_which_version_stands_now(client, chief, assessment):
    text = text_of(save(client, assessment, OFFICERS, "8", version=1))
    assert "Saved " in text
    assert 'data-version="2"' in text
    assert stands(assessment) == answers.Cell(8, "answered", "typed", 2)


def test_every_criterion_of_the_page_that_uses_the_figure_moves_with_it(client, chief, assessment):
    text = text_of(save(client, assessment, OFFICERS, "8", version=1))
    standard = assessment.period.edition.standard
    moved = {c.id for c in standard.criteria if f'id="why-{c.id}"' in text}
    assert moved == {c.id for c in standard.criteria if c.dimension == "staffing" and OFFICERS in c.metrics}


def test_the_two_rates_stand_side_by_side_and_differ_while_items_are_open(client, chief, assessment):
    factories.answered(assessment, {OFFICERS: 16}, by=chief)
    text = text_of(client.get(page(assessment)))
    assert "So far" in text
    assert "If submitted now" in text


def test_an_estimate_is_kept_as_one(client, chief, assessment):
    save(client, assessment, OFFICERS, "8", version=1, estimated="on")
    assert stands(assessment).state == "estimated"


def test_a_blank_clears_the_answer(client, chief, assessment):
    save(client, assessment, OFFICERS, "", version=1)
    assert stands(assessment) == answers.Cell(None, "missing", "typed", 2)


def test_full_width_digits_are_digits(client, chief, assessment):
    save(client, assessment, OFFICERS, "１６", version=1)
    assert stands(assessment).value == 16


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("seven", "is not a number"),
        ("-1", "Must not be below 0"),
        ("1" + "0" * 400, "too long"),
        ("1e400", "too large"),
        ("NaN", "is not a number"),
        ("Infinity", "is not a number"),
        ("6.5", "has a fraction"),
        ("2001", "Must not be above 2,000 officers"),
    ],
)
def test_what_is_no_number_is_refused_at_its_field_and_changes_nothing(client, chief, assessment, typed, said):
    response = save(client, assessment, OFFICERS, typed, version=1)
    assert response.status_code == 400
    assert said in text_of(response)
    assert 'id="state-staff.officers"' in text_of(response)
    assert stands(assessment) == answers.Cell(7, "answered", "register", 1)


def test_a_refused_number_is_refused_in_the_readers_language(client, chief, assessment):
    client.cookies["django_language"] = "en"
    english = text_of(save(client, assessment, OFFICERS, "-1", version=1))
    assert "Must not be below 0 officers." in english


def test_a_figure_the_standard_does_not_ask_for_is_refused(client, chief, assessment):
    assert save(client, assessment, "police.fines", "7", version=0).status_code == 400
    assert not Answers.objects.filter(facts__has_key="police.fines").exists()


FORBIDDEN = (
    "verified_score verified_by status state station station_id period round submitted_at due_at deadline weight "
    "max_score layer origin is_locked reviewer_id created_by by id pk item.verified_score form-0-id"
).split()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_field_that_does_not_belong_is_refused_even_beside_a_good_change(client, chief, assessment, name):
    assert save(client, assessment, OFFICERS, "8", version=1, **{name: "1"}).status_code == 400
    assert stands(assessment).value == 7


def test_a_field_sent_twice_is_refused(client, chief, assessment):
    said = {"metric": OFFICERS, "value": ["8", "9"], "version": 1, "op_id": uuid4()}
    response = client.post(reverse("assessments:save", args=[assessment.pk]), said, headers=HTMX)
    assert response.status_code == 400


def test_a_field_in_the_address_is_refused(client, chief, assessment):
    said = {"metric": OFFICERS, "value": "8", "version": 1, "op_id": uuid4()}
    response = client.post(reverse("assessments:save", args=[assessment.pk]) + "?station=2", said, headers=HTMX)
    assert response.status_code == 400


def test_a_save_without_the_version_it_is_based_on_is_refused(client, chief, assessment):
    response = save(client, assessment, OFFICERS, "8", version=None)
    assert response.status_code == 428
    assert "Reload the page" in text_of(response)


@pytest.mark.parametrize("version", ["one", "1.0", "-1", "1" + "0" * 12, "", "１"])
def test_a_version_that_is_no_version_is_refused(client, chief, assessment, version):
    assert save(client, assessment, OFFICERS, "8", version=version).status_code == 400


def test_who_comes_second_sees_the_newer_value_and_a_choice(client, chief, assessment):
    clerk = factories.user("clerk", assessment.station)
    factories.answered(assessment, {OFFICERS: 9}, by=clerk)
    response = save(client, assessment, OFFICERS, "8", version=1)
    assert response.status_code == 409
    assert "Somebody else saved 9 officers meanwhile." in text_of(response)
    assert 'data-keep="mine"' in text_of(response)
    assert stands(assessment).value == 9
    assert save(client, assessment, OFFICERS, "8", version=2).status_code == 200
    assert stands(assessment).value == 8


def test_two_people_change_two_figures_of_one_page_without_a_conflict(client, chief, assessment):
    factories.answered(assessment, {"staff.auxiliaries": 4}, by=factories.user("clerk", assessment.station))
    assert save(client, assessment, OFFICERS, "8", version=1).status_code == 200


def test_the_same_request_sent_twice_takes_effect_once(client, chief, assessment):
    op_id = uuid4()
    first = save(client, assessment, OFFICERS, "8", version=1, op_id=op_id)
    again = save(client, assessment, OFFICERS, "8", version=1, op_id=op_id)
    assert (first.status_code, again.status_code) == (200, 200)
    assert stands(assessment).version == 2
    assert AnswerChange.objects.filter(assessment=assessment, op_id=op_id).count() == 1


def test_a_request_sent_again_after_somebody_else_wrote_shows_theirs_and_a_choice(client, chief, assessment):
    op_id = uuid4()
    save(client, assessment, OFFICERS, "8", version=1, op_id=op_id)
    factories.answered(assessment, {OFFICERS: 9}, by=factories.user("clerk", assessment.station))
    again = save(client, assessment, OFFICERS, "8", version=1, op_id=op_id)
    assert again.status_code == 200
    assert "Somebody else saved 9 officers meanwhile." in text_of(again)
    assert 'data-version="3"' in text_of(again)
    assert stands(assessment).value == 9


def test_a_change_leaves_who_what_and_when(client, chief, assessment):
    save(client, assessment, OFFICERS, "8", version=1)
    change = AnswerChange.objects.get(assessment=assessment, metric=OFFICERS)
    assert (change.by, change.old["v"], change.new["v"]) == (chief, 7, 8)


def test_the_chief_of_another_station_finds_nothing(client, assessment):
    client.force_login(factories.user("chief", factories.station(bureau=assessment.bureau)))
    assert save(client, assessment, OFFICERS, "8", version=1).status_code == 404
    assert client.get(page(assessment)).status_code == 404
    assert stands(assessment).value == 7


@pytest.mark.parametrize("role", ["reviewer", "leader"])
def test_the_bureau_may_not_fill_in(client, assessment, role):
    client.force_login(factories.user(role, assessment.bureau))
    assert save(client, assessment, OFFICERS, "8", version=1).status_code == 403


def test_after_the_due_time_nothing_is_saved(client, chief, assessment):
    factories.due(assessment)
    response = save(client, assessment, OFFICERS, "8", version=1)
    assert response.status_code == 409
    assert "The due time has passed" in text_of(response)
    assert stands(assessment).value == 7


def test_after_submitting_nothing_is_saved(client, chief, assessment):
    submitted = factories.submitted(assessment, by=chief)
    response = save(client, submitted, OFFICERS, "8", version=stands(submitted).version)
    assert response.status_code == 409
    assert stands(submitted).value == 7


def test_the_registers_value_is_taken_over_in_one_click(client, chief, assessment):
    factories.answered(assessment, {OFFICERS: 9}, by=chief)
    said = {"metric": OFFICERS, "version": 2, "op_id": uuid4()}
    response = client.post(reverse("assessments:take", args=[assessment.pk]), said, headers=HTMX)
    assert 'data-value="7"' in text_of(response)
    assert stands(assessment) == answers.Cell(7, "answered", "register", 3)


def test_what_the_register_does_not_know_cannot_be_taken(client, chief, assessment):
    said = {"metric": "video.blind_spots", "version": 0, "op_id": uuid4()}
    response = client.post(reverse("assessments:take", args=[assessment.pk]), said, headers=HTMX)
    assert response.status_code == 409
    assert "register has no value" in text_of(response)


def test_trying_answers_with_points_and_saves_nothing(client, chief, assessment):
    address = reverse("assessments:preview", args=[assessment.pk, "staffing"])
    response = client.post(address, {OFFICERS: "16", "staff.auxiliaries": "abc"}, headers=HTMX)
    assert "2,998.13" in text_of(response)
    assert stands(assessment).value == 7
    assert not AnswerChange.objects.exists()


def test_trying_a_field_of_another_page_is_refused(client, chief, assessment):
    address = reverse("assessments:preview", args=[assessment.pk, "staffing"])
    assert client.post(address, {"equip.vehicles": "1"}, headers=HTMX).status_code == 400


def test_a_save_takes_at_most_six_statements(client, chief, assessment):
    save(client, assessment, OFFICERS, "8", version=1)
    with Counted() as counted:
        assert save(client, assessment, OFFICERS, "9", version=2).status_code == 200
    assert len(counted.own) <= 6, counted.own


def test_a_number_that_no_points_can_be_counted_for_is_refused_and_the_page_stays(client):
    """A rule without a floor takes what it takes: a nought too many must not close the sheet for good."""
    text = factories.TINY.read_text("utf-8").replace("high = 200\n", "", 1)
    text = text.replace(
        'each = { "video.blind_spots" = 0.25 }, floor = 0', 'each = { "video.blind_spots" = 0.25 }, floor = "none"'
    )
    assessment = factories.assessment(factories.period(edition=factories.edition_of(text)))
    client.force_login(factories.user("chief", assessment.station))
    refused = save(client, assessment, "video.blind_spots", "900000000000000", version=0)
    assert refused.status_code == 400
    assert "核对位数" in text_of(refused)
    tried = client.post(
        reverse("assessments:preview", args=[assessment.pk, "zones"]), {"video.blind_spots": "900000000000000"}
    )
    assert tried.status_code == 400
    assert client.get(page(assessment, "zones")).status_code == 200
    assert save(client, assessment, "video.blind_spots", "9", version=0).status_code == 200
