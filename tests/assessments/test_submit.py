"""Check and submit: what is missing and where, who signs, and that a submission happens once."""

import re

import pytest
from django.urls import reverse

from assessments import answers, scores
from assessments.models import Score, State, Submission
from assessments.sheet import Sheet
from tests import factories
from tests.assessments.sheets import HTMX, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment():
    """城关 by the tiny standard: residents and officers known, two facts and one photo still missing."""
    return factories.assessment(factories.period())


@pytest.fixture
def chief(client, assessment):
    chief = factories.user("chief", assessment.station, name="王所长")
    client.force_login(chief)
    client.cookies["django_language"] = "en"
    return chief


def check(client, assessment):
    return client.get(reverse("assessments:check", args=[assessment.pk]))


def submit(client, assessment, **said):
    return client.post(
        reverse("assessments:submit", args=[assessment.pk]), {"round": assessment.round, "declared": "on"} | said
    )


def state_of(assessment) -> str:
    assessment.refresh_from_db(fields=["state"])
    return assessment.state


def test_everything_missing_is_listed_with_a_link_to_its_place(client, chief, assessment):
    text = text_of(check(client, assessment))
    for item in scores.missing(assessment):
        place = "row" if item["kind"] == "fact" else "evidence"
        address = reverse("assessments:fill", args=[assessment.pk, item["dimension"]])
        assert f'href="{address}#{place}-{item["code"]}"' in text
        page = text_of(client.get(address))
        assert f'id="{place}-{item["code"]}"' in page


def test_the_progress_counts_exactly_what_blocks_submission(assessment):
    sheet = Sheet.of(assessment)
    assert sheet.progress.missing == len(scores.missing(assessment)) > 0
    factories.filled(assessment)
    assert Sheet.of(assessment).progress.percent == 100


def test_the_button_waits_until_nothing_is_missing(client, chief, assessment):
    assert re.search(r"<button[^>]*type=\"submit\" disabled", text_of(check(client, assessment)))
    factories.filled(assessment, by=chief)
    text = text_of(check(client, assessment))
    assert "Everything that is required is there." in text
    assert not re.search(r"<button[^>]*type=\"submit\" disabled", text)


def test_estimated_values_are_named_before_submitting(client, chief, assessment):
    from assessments import workflow

    workflow.save(assessment.pk, "staff.officers", 8, state="estimated", version=1, op_id=factories.uuid4(), by=chief)
    text = text_of(check(client, assessment))
    assert "Estimated values" in text
    assert "8 officers" in text


def test_a_figure_that_only_stations_of_other_classes_have_is_not_asked_for():
    """The criterion looks at another figure for them; on this station's sheet there is no field for it."""
    rule = 'rule.yes_no = { of = "video.linked" }'
    both = 'rule.checklist = { items = ["video.linked"], items_for = { rural = ["duty.roles"] } }'
    metric = (
        '[metric."duty.roles"]\ntitle = "一警多能"\ntitle_en = "Roles"\nkind = "yes_no"\napplies_to = ["rural"]\n\n'
    )
    text = factories.TINY.read_text("utf-8")
    assert text.count(rule) == 1
    edition = factories.edition_of(text.replace(rule, both).replace("[derived.", metric + "[derived.", 1))
    assessment = factories.submitted(factories.assessment(factories.period(edition=edition)))
    assert assessment.state == State.SUBMITTED
    assert "duty.roles" not in answers.cells(assessment)


def test_a_chief_submits_and_the_page_is_closed(client, chief, assessment):
    factories.filled(assessment, by=chief)
    response = submit(client, assessment)
    assert response.status_code == 302
    assert state_of(assessment) == State.SUBMITTED
    assert Submission.objects.get(assessment=assessment).by == chief
    text = text_of(check(client, assessment))
    assert "has been submitted" in text
    assert "If submitted now" not in text


def test_what_was_submitted_is_scored_as_it_stood(client, chief, assessment):
    """Of 10: zone 2, video 1, blind spots 1 − 3 × 0.25, load 0 (6,852.86), strength 2 (7 ≥ 5), college 1 of 1."""
    facts = {"zones.service": 1, "video.linked": 1, "video.blind_spots": 3, "staff.college": 7}
    factories.filled(assessment, facts, by=chief)
    submit(client, assessment)
    score = Score.objects.get(assessment=assessment, layer="self")
    assert score.points == [200, 100, 25, 0, 200, 100]
    assert (score.total, score.rate) == (625, 6250)


def test_a_clerk_sees_who_has_to_submit_and_cannot(client, chief, assessment):
    factories.filled(assessment, by=chief)
    client.force_login(factories.user("clerk", assessment.station))
    text = text_of(check(client, assessment))
    assert "Only the station chief submits: 王所长." in text
    assert reverse("assessments:submit", args=[assessment.pk]) not in text
    assert submit(client, assessment).status_code == 403
    assert state_of(assessment) == State.DRAFT


def test_with_something_missing_it_is_refused_and_listed(client, chief, assessment):
    response = submit(client, assessment)
    assert response.status_code == 409
    assert "What is missing" in text_of(response)
    assert state_of(assessment) == State.DRAFT


def test_a_second_click_does_not_submit_again(client, chief, assessment):
    factories.filled(assessment, by=chief)
    submit(client, assessment)
    assert submit(client, assessment).status_code == 409
    assert Submission.objects.filter(assessment=assessment).count() == 1


def test_a_replayed_submission_of_the_first_round_does_not_submit_the_second(client, chief, assessment):
    factories.filled(assessment, by=chief)
    submit(client, assessment)
    factories.returned(factories.assessment(assessment.period, assessment.station))
    assert submit(client, assessment, round=1).status_code == 409
    assert state_of(assessment) == State.RETURNED
    assert submit(client, assessment, round=2).status_code == 302
    assert state_of(assessment) == State.SUBMITTED


def test_a_submission_must_say_its_round(client, chief, assessment):
    factories.filled(assessment, by=chief)
    address = reverse("assessments:submit", args=[assessment.pk])
    assert client.post(address, {}).status_code == 428
    assert client.post(address, {"round": "1", "state": "published"}).status_code == 400
    assert client.post(address, {"round": "one"}).status_code == 400
    assert state_of(assessment) == State.DRAFT


def test_after_the_due_time_it_cannot_be_submitted(client, chief, assessment):
    factories.filled(assessment, by=chief)
    factories.due(assessment)
    assert submit(client, assessment).status_code == 409
    assert "The due time has passed" in text_of(check(client, assessment))


def test_the_chief_of_another_station_cannot_submit_it(client, assessment):
    factories.filled(assessment)
    client.force_login(factories.user("chief", factories.station(bureau=assessment.bureau)))
    assert check(client, assessment).status_code == 404
    assert submit(client, assessment).status_code == 404


@pytest.mark.parametrize("role", ["reviewer", "leader"])
def test_the_bureau_cannot_submit_for_a_station(client, assessment, role):
    factories.filled(assessment)
    client.force_login(factories.user(role, assessment.bureau))
    assert submit(client, assessment).status_code == 403


def test_looking_never_submits(client, chief, assessment):
    factories.filled(assessment, by=chief)
    assert client.get(reverse("assessments:submit", args=[assessment.pk]), headers=HTMX).status_code == 405
    assert state_of(assessment) == State.DRAFT


def test_a_script_is_told_that_something_is_missing_and_what(client, chief, assessment):
    """Found by tests/machine: it was told that somebody else had been quicker."""
    address = reverse("assessments:submit", args=[assessment.pk])
    said = {"round": assessment.round, "declared": "on"}
    response = client.post(address, said, headers={"accept": "application/json"})
    said = response.json()
    assert (response.status_code, said["code"]) == (409, "incomplete")
    assert said["missing"] == scores.missing(assessment)
