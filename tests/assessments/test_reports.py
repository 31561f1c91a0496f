"""The report centre: asked for, watched, downloaded, by the one who asked and may still see every station."""

import os
import re
import time
import uuid
from copy import deepcopy
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.urls import reverse

from assessments import jobs, sealed
from assessments.models import Job, Report
from assessments.reports import keeping, making, requesting
from assessments.reports.render import Pdf
from audit.models import Event
from stations.models import Bureau
from tests import factories
from tests.shared import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(factories.published_quarter, django_db_blocker)


@pytest.fixture
def period(made, db):
    return deepcopy(made)


@pytest.fixture
def stations(period):
    return list(period.assessments.order_by("pk"))


@pytest.fixture
def sysadmin(period, client):
    person = factories.user("sysadmin", period.bureau)
    client.force_login(person)
    return person


@pytest.fixture
def words(period, stations):
    return {
        "kind": "comparative",
        "period": period.pk,
        "a": [each.pk for each in stations],
        "language": "zh-hans",
        "op_id": str(uuid.uuid4()),
    }


@pytest.fixture
def report(period, stations, sysadmin):
    return requesting.request(period, stations, language="zh-hans", op_id=uuid.uuid4(), by=sysadmin)


def ask(client, words):
    return client.post(reverse("assessments:reports"), words)


def finished(report, content=b"%PDF-1.7 a report"):
    """As a worker leaves it."""
    making.register(jobs.claim(report.job_id), sealed.reports.seal(content), Pdf(content, pages=12))
    report.refresh_from_db()
    return report


def expired(report):
    """As it is a week after."""
    Report.objects.filter(pk=finished(report).pk).update(expires_at=Now() - timedelta(seconds=1))
    return report


def written(path, days_ago):
    """The file as if it had been written then."""
    moment = time.time() - timedelta(days=days_ago).total_seconds()
    os.utime(path, (moment, moment))
    return path


def failed(report):
    Job.objects.filter(pk=report.job_id).update(state=Job.State.FAILED, attempts=3, error="worker_lost")
    return report


def at(name, report):
    return reverse(f"assessments:{name}", args=[report.pk])


def test_a_request_is_queued_and_answered_at_once(client, words, sysadmin, stations):
    assert ask(client, words).status_code == 302
    report = Report.objects.get()
    assert set(report.assessments.all()) == set(stations)
    assert report.job.state == Job.State.QUEUED
    assert Event.objects.get(action="report.request").by == sysadmin


def test_the_same_request_sent_twice_is_one_report(client, words, sysadmin):
    ask(client, words)
    assert ask(client, words).status_code == 302
    assert Report.objects.count() == 1
    assert Event.objects.filter(action="report.request").count() == 1


def test_whoever_asks_for_too_much_is_told_to_wait_with_the_choice_kept(client, words, sysadmin):
    """T41."""
    answers = [ask(client, words | {"op_id": str(uuid.uuid4())}) for _ in range(requesting.QUEUED_PER_PERSON + 3)]
    assert [answer.status_code for answer in answers] == [302] * requesting.QUEUED_PER_PERSON + [429] * 3
    assert Report.objects.count() == requesting.QUEUED_PER_PERSON
    assert answers[-1]["Retry-After"] == "60"
    assert all(each.is_chosen for each in answers[-1].context["stations"])


def test_of_fifty_requests_two_run_as_many_as_may_wait_do_and_the_rest_is_refused(client, words, sysadmin):
    """T41."""
    taken, answers = 0, []
    for _ in range(50):
        answers.append(ask(client, words | {"op_id": str(uuid.uuid4())}).status_code)
        taken += any(jobs.claim(pk) for pk in Job.objects.filter(state="queued").values_list("pk", flat=True)[:1])
    assert taken == Job.objects.alive().count() == 2
    assert Job.objects.filter(state="queued").count() == requesting.QUEUED_PER_PERSON
    assert answers.count(429) == 50 - 2 - requesting.QUEUED_PER_PERSON


def test_others_may_ask_while_one_has_asked_for_too_much(client, words, report, period, stations):
    for _ in range(requesting.QUEUED_PER_PERSON - 1):
        requesting.request(period, stations, language="en", op_id=uuid.uuid4(), by=report.requested_by)
    client.force_login(factories.user("leader", period.bureau))
    assert ask(client, words).status_code == 302


def test_one_station_is_too_few(client, words, sysadmin):
    answer = ask(client, words | {"a": words["a"][:1]})
    assert answer.status_code == 400
    assert not Report.objects.exists()


def test_thirty_one_stations_are_too_many(client, sysadmin, period, stations):
    assert requesting.MOST == 30
    with pytest.raises(requesting.refusals.Refused) as refusal:
        requesting.request(period, stations * 16, language="en", op_id=uuid.uuid4(), by=sysadmin)
    assert refusal.value.status == 400


def test_a_request_without_its_number_is_refused(client, words, sysadmin):
    del words["op_id"]
    assert ask(client, words).status_code == 428


@pytest.mark.parametrize(
    "wrong",
    [{"op_id": "again"}, {"language": "fr"}, {"kind": "secret"}, {"a": ["x"]}, {"period": "x"}, {"requested_by": "1"}],
)
def test_a_request_with_something_that_cannot_be_is_refused(client, words, sysadmin, wrong):
    assert ask(client, words | wrong).status_code == 400
    assert not Report.objects.exists()


def test_a_station_elsewhere_cannot_be_put_into_a_report(client, words, sysadmin):
    foreign = factories.period(bureau=factories.bureau("别处"))
    factories.published(foreign)
    words["a"].append(foreign.assessments.first().pk)
    assert ask(client, words).status_code == 404
    assert ask(client, words | {"period": foreign.pk}).status_code == 404
    assert not Report.objects.exists()


def test_unpublished_results_cannot_be_put_into_a_report(client, words, sysadmin, period):
    running = factories.period(bureau=period.bureau)
    words |= {"period": running.pk, "a": [each.pk for each in running.assessments.all()]}
    assert ask(client, words).status_code == 404


def test_a_leader_and_a_reviewer_may_ask_as_well(client, words, period):
    for role in ("leader", "reviewer"):
        client.force_login(factories.user(role, period.bureau))
        assert ask(client, words | {"op_id": str(uuid.uuid4())}).status_code == 302


@pytest.mark.parametrize("role", ["chief", "clerk", "secadmin", "auditor"])
def test_other_roles_may_not(client, words, role):
    client.force_login(factories.user(role))
    assert ask(client, words).status_code == 403
    assert client.get(reverse("assessments:reports")).status_code == 403


def test_the_list_shows_own_reports_only(client, report, period):
    client.force_login(factories.user("sysadmin", period.bureau))
    assert list(client.get(reverse("assessments:reports")).context["page"]) == []
    for name in ("report_status", "report_file"):
        assert client.get(at(name, report)).status_code == 404
    assert client.post(at("report_retry", report)).status_code == 404


def test_a_row_asks_again_until_the_report_is_finished(client, report):
    assert "every 2s" in client.get(at("report_status", report)).content.decode()
    finished(report)
    row = client.get(at("report_status", report)).content.decode()
    assert "every 2s" not in row
    assert at("report_file", report) in row


def test_the_progress_of_a_running_report_is_shown(client, report):
    Job.objects.filter(pk=report.job_id).update(progress=42)
    assert 'value="42"' in client.get(at("report_status", report)).content.decode()


def test_a_finished_report_is_downloaded_under_a_chinese_name(client, report):
    finished(report)
    answer = client.get(at("report_file", report))
    assert answer.status_code == 200
    assert answer.content == b"%PDF-1.7 a report"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "2026%E5%B9%B4" in answer["Content-Disposition"]


def test_a_file_name_can_neither_leave_its_folder_nor_hide_its_ending(client, report, period):
    finished(report)
    type(period).objects.filter(pk=period.pk).update(name="../../etc\r\nSet-Cookie: a=b\u202efdp.exe")
    disposition = client.get(at("report_file", report))["Content-Disposition"]
    assert "\n" not in disposition
    assert "%0D" not in disposition
    assert "%2F" not in disposition
    assert "%E2%80%AE" not in disposition
    assert disposition.rstrip('"').endswith(".pdf")


def test_an_unfinished_report_cannot_be_downloaded(client, report):
    assert client.get(at("report_file", report)).status_code == 409


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_damaged_file_is_not_handed_out_and_is_recorded(client, report, harm):
    path = sealed.reports.path_of(finished(report, harm.encode()).digest)
    path.write_bytes(b"%PDF-1.7 forged") if harm == "changed" else path.unlink()
    answer = client.get(at("report_file", report))
    assert answer.status_code == 409
    assert b"forged" not in answer.content
    assert Event.objects.get(action="report.damaged").detail["digest"] == report.digest


def test_a_report_is_out_of_sight_when_one_of_its_stations_is(client, report, period, sysadmin):
    finished(report)
    elsewhere = Bureau.objects.get(pk=factories.bureau("别处").pk)
    report.assessments.filter(pk=report.assessments.first().pk).update(bureau=elsewhere)
    assert client.get(at("report_file", report)).status_code == 404
    assert list(client.get(reverse("assessments:reports")).context["page"]) == []


def test_a_report_is_out_of_reach_without_the_role(client, report, sysadmin):
    finished(report)
    type(sysadmin).objects.filter(pk=sysadmin.pk).update(role="auditor", bureau=None)
    sysadmin.refresh_from_db()
    client.force_login(sysadmin)  # another role ended the session
    assert client.get(at("report_file", report)).status_code == 403


def test_a_stranger_is_sent_to_the_login(client, report):
    client.logout()
    assert client.get(at("report_file", finished(report))).status_code == 302


def test_a_failed_report_says_why_and_can_be_tried_again(client, report):
    failed(report)
    row = client.get(at("report_status", report)).content.decode()
    assert at("report_retry", report) in row
    assert client.post(at("report_retry", report)).status_code == 302
    assert Job.objects.get(pk=report.job_id).state == Job.State.QUEUED


def test_a_report_that_waits_or_is_there_is_not_made_again(client, report):
    assert client.post(at("report_retry", report)).status_code == 409
    finished(report)
    assert client.post(at("report_retry", report)).status_code == 409


def test_asking_again_is_confirmed_with_the_password_like_asking(client, report, sysadmin):
    failed(report)
    type(sysadmin).objects.filter(pk=sysadmin.pk).update(last_login=Now() - timedelta(minutes=6))
    assert client.post(at("report_retry", report)).status_code == 403
    assert Job.objects.get(pk=report.job_id).state == Job.State.FAILED


def test_asking_again_is_refused_while_too_many_wait(client, report, period, stations):
    failed(report)
    for _ in range(requesting.QUEUED_PER_PERSON):
        requesting.request(period, stations, language="en", op_id=uuid.uuid4(), by=report.requested_by)
    answer = client.post(at("report_retry", report))
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


@pytest.mark.parametrize("error", ["worker_lost", "too_long", "too_large", "not_allowed", "failed"])
def test_a_failed_report_tells_its_owner_why(client, report, error):
    words = set()
    for each in (error, "unheard of"):
        Job.objects.filter(pk=failed(report).job_id).update(error=each)
        words |= set(re.findall('text-danger">([^<]+)<', client.get(at("report_status", report)).content.decode()))
    assert len(words) == (1 if error == "failed" else 2)


@pytest.mark.parametrize("is_begun", [False, True])
def test_a_report_is_called_off_by_a_button(client, report, sysadmin, is_begun):
    held = is_begun and jobs.claim(report.job_id)
    assert at("report_cancel", report) in client.get(at("report_status", report)).content.decode()
    assert client.post(at("report_cancel", report)).status_code == 302
    assert Job.objects.get(pk=report.job_id).state == Job.State.CANCELLED
    assert Event.objects.get(action="report.cancel").by == sysadmin
    if held:
        with pytest.raises(jobs.LeaseLost):
            making.register(held, sealed.reports.seal(b"late"), Pdf(b"late", pages=1))


def test_a_cancelled_report_can_be_made_after_all(client, report):
    client.post(at("report_cancel", report))
    row = client.get(at("report_status", report)).content.decode()
    assert "every 2s" not in row
    assert at("report_retry", report) in row
    assert client.post(at("report_retry", report)).status_code == 302
    assert finished(report).digest


def test_what_has_ended_is_not_called_off(client, report):
    finished(report)
    assert client.post(at("report_cancel", report)).status_code == 409
    assert not Event.objects.filter(action="report.cancel").exists()


def test_a_file_is_kept_for_a_week_and_then_made_again(client, report):
    assert settings.REPORT_DAYS == 7
    assert expired(report)
    answer = client.get(at("report_file", report), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (409, "expired")
    row = client.get(at("report_status", report)).content.decode()
    assert at("report_file", report) not in row
    assert client.post(at("report_retry", report)).status_code == 302
    finished(report)
    assert client.get(at("report_file", report)).status_code == 200
    assert report.expires_at - report.requested_at > timedelta(days=6, hours=23)


def test_reading_a_report_is_recorded(client, report, sysadmin):
    client.get(at("report_file", finished(report)))
    event = Event.objects.get(action="report.download")
    assert (event.by, event.detail["digest"]) == (sysadmin, report.digest)


def test_the_sweep_removes_what_has_expired_and_what_no_report_names(report, period, stations):
    other = requesting.request(period, stations, language="en", op_id=uuid.uuid4(), by=report.requested_by)
    kept, gone = finished(report, b"kept").digest, finished(other, b"gone").digest
    Report.objects.filter(pk=other.pk).update(expires_at=Now())
    orphan, fresh = sealed.reports.seal(b"of a killed worker"), sealed.reports.seal(b"not registered yet")
    half = sealed.reports.path_of(orphan).with_name(".new-half")
    half.write_bytes(b"%PDF")
    for path in (*map(sealed.reports.path_of, (kept, gone, orphan)), half):
        written(path, days_ago=8)
    assert set(keeping.sweep()) >= {gone, orphan, half.name}
    assert [sealed.reports.has(digest) for digest in (kept, gone, orphan, fresh)] == [True, False, False, True]
    assert sealed.reports.unseal(kept) == b"kept"


def test_a_file_that_a_second_report_needs_stays(report, period, stations):
    second = requesting.request(period, stations, language="en", op_id=uuid.uuid4(), by=report.requested_by)
    same = finished(second, b"same").digest
    expired(report)
    Report.objects.filter(pk=report.pk).update(digest=same)
    written(sealed.reports.path_of(same), days_ago=8)
    assert same not in keeping.sweep()
    assert sealed.reports.has(same)


def test_a_file_swept_just_before_it_is_registered_is_written_again(report):
    held = jobs.claim(report.job_id)
    digest = sealed.reports.seal(b"the same bytes as a week ago")
    written(sealed.reports.path_of(digest), days_ago=8)
    assert digest in keeping.sweep()
    making.register(held, digest, Pdf(b"the same bytes as a week ago", pages=3))
    assert sealed.reports.has(digest)


def test_a_chief_learns_nothing_of_reports_by_their_numbers(client, report):
    """T33: what is there and what is not are answered alike."""
    finished(report)
    client.force_login(factories.user("chief"))
    for name in ("report_status", "report_file"):
        there, nowhere = (client.get(reverse(f"assessments:{name}", args=[pk])) for pk in (report.pk, uuid.uuid4()))
        assert there.status_code == nowhere.status_code == 403
        assert len(there.content) == len(nowhere.content)


def test_files_have_no_address_of_their_own(client, report):
    """T33."""
    digest = finished(report).digest
    for folder in ("media", "files", "static"):
        for guess in (digest, f"{digest[:2]}/{digest}", f"reports/{digest[:2]}/{digest}", f"../files/reports/{digest}"):
            assert client.get(f"/{folder}/{guess}").status_code == 404


def test_a_program_that_is_not_logged_in_is_told_so(client, report):
    client.logout()
    for name in ("report_status", "report_file"):
        assert client.get(at(name, finished(report) if not report.digest else report)).status_code == 302
        assert client.get(at(name, report), headers={"Accept": "application/json"}).status_code == 401


def test_the_stations_of_an_address_are_chosen_already(client, sysadmin, period, stations):
    page = client.get(reverse("assessments:reports"), {"period": period.pk, "a": stations[0].pk})
    assert [each.is_chosen for each in page.context["stations"]] == [True, False]


def test_a_period_elsewhere_is_not_found(client, sysadmin):
    assert client.get(reverse("assessments:reports"), {"period": 999}).status_code == 404


def test_without_published_results_the_page_says_what_is_missing(client):
    client.force_login(factories.user("sysadmin"))
    page = client.get(reverse("assessments:reports"))
    assert page.status_code == 200
    assert b'<form method="post" action="/reports/"' not in page.content


def test_storing_the_same_bytes_twice_keeps_one_file():
    first, second = (sealed.reports.seal(b"%PDF-1.7 twice") for _ in range(2))
    assert first == second
    assert [path.name for path in sealed.reports.path_of(first).parent.iterdir()] == [first]
