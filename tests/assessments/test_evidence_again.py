"""Evidence that is there already: turned, described, put in order, looked at, and used again in the next period."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assessments import sealed
from assessments.models import Evidence
from audit.models import Event
from tests import factories
from tests.assessments import files
from tests.assessments.sheets import HTMX, page, text_of
from tests.assessments.test_evidence import CRITERION, added, body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.VAR = tmp_path


def change(client, evidence, **said):
    return client.post(reverse("assessments:evidence_change", args=[evidence.pk]), said, headers=HTMX)


def reuse(client, assessment, criterion=CRITERION):
    return client.post(reverse("assessments:evidence_reuse", args=[assessment.pk, criterion]), headers=HTMX)


def size_of(client, view, evidence) -> tuple[int, int]:
    with Image.open(io.BytesIO(body(client.get(reverse(f"assessments:{view}", args=[evidence.pk]))))) as picture:
        return picture.size


def order(assessment) -> list[str]:
    return list(Evidence.objects.present().filter(assessment=assessment).values_list("name", flat=True))


@pytest.fixture
def three(assessment, chief):
    return [factories.evidence(assessment, CRITERION, name=name, place=at) for at, name in enumerate("abc")]


@pytest.fixture
def following(assessment, chief):
    """The same station's sheet of the period after."""
    before = assessment.period
    dates = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31), "previous": before}
    period = factories.period(bureau=before.bureau, edition=before.edition, **dates)
    return factories.assessment(period, assessment.station)


def test_a_turned_picture_is_shown_turned_and_its_original_stays(client, chief, assessment):
    original = files.jpeg((400, 200))
    evidence = added(client, assessment, original)
    assert size_of(client, "evidence_small", evidence) == (320, 160)
    assert change(client, evidence, turns="1").status_code == 200
    assert change(client, evidence, turns="1").status_code == 200
    assert (size_of(client, "evidence_shown", evidence), size_of(client, "evidence_small", evidence)) == (
        (200, 400),
        (160, 320),
    )
    assert body(client.get(reverse("assessments:evidence_file", args=[evidence.pk]))) == original
    said = Event.objects.get(action="evidence.change").detail
    assert said["changed"] == {"turns": ["0", "1"]}


def test_caption_and_validity_are_set_afterwards_each_by_itself(client, chief, three):
    assert change(client, three[0], caption="正门", valid_until="2030-12-31").status_code == 200
    assert change(client, three[0], caption="侧门").status_code == 200
    three[0].refresh_from_db()
    assert (three[0].caption, str(three[0].valid_until)) == ("侧门", "2030-12-31")
    change(client, three[0], valid_until="")
    three[0].refresh_from_db()
    assert (three[0].caption, three[0].valid_until) == ("侧门", None)


def test_two_people_on_one_file_keep_each_others_words(client, chief, three):
    """The form sends caption and validity together; what was not typed is not said."""
    page = {"was_caption": "", "was_valid_until": ""}
    assert change(client, three[0], caption="正门", valid_until="", **page).status_code == 200
    assert change(client, three[0], caption="", valid_until="2030-12-31", **page).status_code == 200
    three[0].refresh_from_db()
    assert (three[0].caption, str(three[0].valid_until)) == ("正门", "2030-12-31")
    refused = change(client, three[0], caption="侧门", valid_until="2030-12-31", **page)
    assert refused.status_code == 409
    assert "“a”: somebody else has put “正门” there meanwhile; you typed “侧门”." in text_of(refused)
    assert Evidence.objects.get(pk=three[0].pk).caption == "正门"
    assert change(client, three[0], caption="侧门", was_caption="正门").status_code == 200
    assert change(client, three[0], caption="侧门", valid_until="2030-12-31", **page).status_code == 200
    assert Event.objects.filter(action="evidence.change").count() == 3


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"turns": "4"},
        {"turns": "1"},
        {"turns": ""},
        {"place": "0"},
        {"valid_until": "soon"},
        {"caption": "a" * 201},
        {"digest": "0"},
    ],
    ids=str,
)
def test_what_cannot_be_said_of_a_file_is_refused_and_changes_nothing(client, chief, three, said):
    assert change(client, three[0], **said).status_code == 400
    assert not Event.objects.filter(action="evidence.change").exists()


def test_a_file_moves_to_the_place_that_is_named_however_often(client, chief, assessment, three):
    for _ in range(2):
        assert change(client, three[2], place="2").status_code == 200
    assert order(assessment) == ["a", "c", "b"]
    change(client, three[0], place="9")
    assert order(assessment) == ["c", "b", "a"]
    assert Event.objects.filter(action="evidence.change").count() == 2
    added(client, assessment, name="new.jpg")
    assert order(assessment)[-1] == "new.jpg"


def test_after_submitting_and_for_others_nothing_is_changed(client, chief, assessment, three):
    client.force_login(factories.user("chief", factories.station(bureau=assessment.bureau)))
    assert change(client, three[0], caption="x").status_code == 404
    client.force_login(factories.user("reviewer", assessment.bureau))
    assert change(client, three[0], caption="x").status_code == 403
    client.force_login(chief)
    factories.submitted(assessment, by=chief)
    assert change(client, three[0], caption="x").status_code == 409
    assert Evidence.objects.get(pk=three[0].pk).caption == ""


def test_a_pdf_opens_in_the_browsers_viewer_where_nothing_of_the_page_runs(client, chief, assessment):
    evidence = added(client, assessment, files.pdf(), "证照.pdf")
    response = client.get(reverse("assessments:evidence_page", args=[evidence.pk]))
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert Event.objects.filter(action="evidence.download").count() == 1
    picture = added(client, assessment)
    assert client.get(reverse("assessments:evidence_page", args=[picture.pk])).status_code == 404


def test_last_periods_evidence_is_used_again_once_and_says_so(client, chief, assessment, following):
    first = added(client, assessment, caption="证照")
    change(client, first, turns="1", valid_until="2099-01-01")
    shown = text_of(client.get(page(following, "zones")))
    assert "Use last period’s evidence" in shown
    response = reuse(client, following)
    assert response.status_code == 200
    assert "Used again from" in text_of(response)
    assert "Use last period’s evidence" not in text_of(response)
    again = Evidence.objects.get(assessment=following)
    assert (again.digest, again.shown_digest, again.caption, again.turns) == (
        first.digest,
        first.shown_digest,
        "证照",
        1,
    )
    assert (again.carried_from, again.added_by) == (first, chief)
    assert reuse(client, following).status_code == 409
    assert Event.objects.get(action="evidence.reuse").detail["of"] == str(first.pk)


def test_what_is_expired_removed_or_damaged_is_not_used_again(client, chief, assessment, following):
    yesterday = timezone.localdate() - timedelta(days=1)
    change(client, added(client, assessment, files.jpeg(colour="red"), "old.jpg"), valid_until=str(yesterday))
    gone = added(client, assessment, files.jpeg(colour="green"), "gone.jpg")
    client.post(reverse("assessments:evidence_remove", args=[gone.pk]))
    damaged = added(client, assessment, files.jpeg(colour="blue"), "broken.jpg")
    sealed.evidence.path_of(damaged.digest).unlink()
    response = reuse(client, following)
    assert response.status_code == 409
    assert "broken.jpg" in text_of(response)
    assert not Evidence.objects.filter(assessment=following).exists()
    assert Event.objects.filter(action="evidence.damaged").exists()


def test_files_used_again_count_against_the_limit(client, chief, assessment, following, settings):
    added(client, assessment)
    settings.EVIDENCE_FILES_PER_ASSESSMENT = 0
    assert reuse(client, following).status_code == 413


def test_the_reviewer_reads_that_a_file_was_used_again(client, chief, assessment, following):
    added(client, assessment)
    reuse(client, following)
    factories.submitted(following, by=chief)
    client.force_login(factories.user("reviewer", assessment.bureau))
    client.cookies["django_language"] = "en"
    shown = text_of(client.get(reverse("assessments:verify", args=[following.pk])))
    assert "Used again from" in shown


def seen_by_the_reviewer(client, assessment, chief) -> str:
    factories.submitted(assessment, by=chief)
    client.force_login(factories.user("reviewer", assessment.bureau))
    client.cookies["django_language"] = "en"
    return text_of(client.get(reverse("assessments:verify", args=[assessment.pk])))


def taken_last_quarter(client, assessment, **said) -> Evidence:
    """A photo from the days of its own period, with words long enough to be compared."""
    caption = "我所对监控盲区逐一排查，安装摄像头三处，已全部接入县局监控中心并安排专人每日查看。"
    first = added(client, assessment, caption=caption)
    day = assessment.period.starts_on + timedelta(days=3)
    Evidence.objects.filter(pk=first.pk).update(taken_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC), **said)
    return first


def test_what_is_used_again_while_it_holds_is_told_and_not_flagged(client, chief, assessment, following):
    taken_last_quarter(client, assessment, valid_until=date(2099, 1, 1))
    reuse(client, following)
    shown = seen_by_the_reviewer(client, following, chief)
    assert f"Used again from {assessment.period.name_en}" in shown
    assert "Valid until" in shown
    for flag in ("Repeated evidence", "Repeated text", "outside the period"):
        assert flag not in shown


def test_where_no_end_is_stated_the_reviewer_reads_so(client, chief, assessment, following):
    taken_last_quarter(client, assessment)
    reuse(client, following)
    shown = seen_by_the_reviewer(client, following, chief)
    assert "no end of validity stated" in shown
    assert "Repeated evidence" not in shown


def test_a_file_that_no_longer_held_or_that_another_station_had_stays_flagged(client, chief, assessment, following):
    first = taken_last_quarter(client, assessment)
    reuse(client, following)
    again = Evidence.objects.get(assessment=following)
    change(client, again, valid_until=str(timezone.localdate() - timedelta(days=1)))
    shown = seen_by_the_reviewer(client, following, chief)
    for flag in ("Repeated evidence", "Repeated text", "outside the period", "Held until"):
        assert flag in shown
    Evidence.objects.filter(pk=again.pk).update(valid_until=None)
    other = following.period.assessments.with_places().exclude(pk=following.pk).get()
    copy = factories.evidence(other, CRITERION)
    Evidence.objects.filter(pk=copy.pk).update(digest=first.digest)
    factories.submitted(other)
    shown = text_of(client.get(reverse("assessments:verify", args=[following.pk])))
    assert "Repeated evidence" in shown
    assert "outside the period" not in shown
