"""T1: nothing of a station is written after its due time, by whichever door and however late the clock is asked."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Max
from django.utils import timezone

from assessments import answers, workflow
from assessments.models import AnswerChange, Assessment, Evidence, State, Submission
from stationstd.refusals import Refused
from tests import factories
from tests.access.walk import rows

from .racing import FIGURE, Station, at_once, clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def station(transactional_db):
    return Station(factories.filled(factories.assessment(factories.period())))


def codes(responses) -> list:
    return [(r.status_code, r.json().get("code") if r.status_code >= 400 else None) for r in responses]


def test_every_act_that_waited_for_the_row_past_the_due_time_is_refused(station):
    """All arrive in time; the row is free only when the time has passed."""
    clients = [(act, station.client()) for act in station.acts()]
    before = rows()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Assessment.objects.select_for_update().get(pk=station.assessment.pk)
            sent = pool.submit(at_once, [lambda act=act, client=client: act(client) for act, client in clients])
            _until_they_wait(len(clients), sent)
            factories.due(station.assessment)
        assert codes(sent.result()) == [(409, "deadline")] * len(clients)
    after = rows()
    after["assessments_assessment"] = before["assessments_assessment"]  # its due time was moved by this test
    assert after == before


def _until_they_wait(count: int, sent) -> None:
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        while not sent.done():
            cursor.execute(f"SELECT pg_stat_clear_snapshot(), ({waits})")
            if cursor.fetchone()[1] >= count:
                return


def test_eight_clients_over_all_acts_leave_nothing_behind_the_due_time(station):
    """As many changes as were acknowledged; the last ones before the due time, however close."""
    there, ends = (AnswerChange.objects.count(), Evidence.objects.count()), []
    works = [station.save, station.save, station.take, station.fill, station.add, station.add, station.remove]
    told = at_once([*(_repeated(work, station, n, ends) for n, work in enumerate(works)), _closing(station, ends)])
    saved = sum(status in (200, 302) for worker in told[:4] for status, _code in worker)
    added = sum(status in (200, 302) for worker in told[4:6] for status, _code in worker)
    late = {code for worker in told for _status, code in worker[-1:]}
    assert saved > 0
    assert late <= {"deadline", "not_found", "busy"}  # files are opened a few at a time, before the row is asked for
    assert AnswerChange.objects.count() - there[0] == saved
    assert Evidence.objects.count() - there[1] == added
    assert AnswerChange.objects.aggregate(last=Max("at"))["last"] <= ends[0]
    assert Evidence.objects.aggregate(last=Max("added_at"))["last"] <= ends[0]
    assert not Evidence.objects.filter(removed_at__gt=ends[0]).exists()
    assert Submission.objects.count() == 0


def _repeated(act, station, number, ends):
    """Send the act again and again until the due time, and once more after it; [(status, code)]."""

    def work():
        client, told = station.client(), []
        for turn in range(10_000):
            is_last = bool(ends) and clock() > ends[0]
            value = str(100 + 200 * number + turn % 200)  # nobody else's: what stands there is not written
            values = {"save": value, "fill": value, "add": (number * 40, turn % 250, turn // 250)}
            told += codes([act(client, *([values[act.__name__]] if act.__name__ in values else []))])
            if is_last:
                break
        return told

    return work


def _closing(station, ends):
    """Half a second after the first few changes the time is over; then the chief submits."""

    def work():
        client, there = station.client(), AnswerChange.objects.count()
        while AnswerChange.objects.count() < there + 4:
            client.get("/healthz")
        with transaction.atomic():
            held = Assessment.objects.select_for_update().get(pk=station.assessment.pk)
            ends.append(factories.due(held, clock() + timedelta(seconds=0.5)).due_at)
        while clock() <= ends[0]:
            client.get("/healthz")
        return codes([station.submit(client)])

    return work


def test_a_request_whose_body_comes_byte_by_byte_over_the_due_time_is_refused(station, live_server):
    client = station.client()
    stands = answers.own_cells(station.assessment, "self")[FIGURE]
    token = "a" * 32
    said = {"metric": FIGURE, "value": "13", "version": str(stands.version), "op_id": str(uuid4())}
    body = urlencode(said).encode()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    host, port = live_server.thread.host, live_server.thread.port
    head = (
        f"POST /assessments/{station.assessment.pk}/save/ HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}\r\n"
        f"X-CSRFToken: {token}\r\nAccept: application/json\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    ends = clock() + timedelta(seconds=1)
    factories.due(station.assessment, ends)
    with socket.create_connection((host, port), timeout=20) as line:
        line.sendall(head.encode())
        for byte in body[:-1]:
            line.sendall(bytes([byte]))
        while clock() <= ends:
            pass
        line.sendall(body[-1:])
        answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 409")
    assert '"code": "deadline"' in answer
    assert answers.own_cells(station.assessment, "self")[FIGURE] == stands
    connections.close_all()


QUARTER_ENDS = datetime(2026, 9, 30, 15, 59, 59, 999_000, tzinfo=UTC)  # 23:59:59.999 in Shanghai
LEAP_DAY = datetime(2028, 2, 29, 15, 59, 59, 999_000, tzinfo=UTC)


@pytest.mark.parametrize("ends", [QUARTER_ENDS, LEAP_DAY], ids=["quarter", "leap day"])
def test_a_due_time_is_kept_to_the_millisecond_and_read_in_shanghai(station, ends):
    """R17"""
    due = factories.due(station.assessment, ends)
    due.refresh_from_db()
    assert due.due_at == ends
    local = timezone.localtime(due.due_at)
    assert (local.hour, local.minute, local.second, local.microsecond) == (23, 59, 59, 999_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT due_at AT TIME ZONE 'UTC' FROM assessments_assessment WHERE id = %s", [due.pk])
        assert cursor.fetchone()[0] == ends.replace(tzinfo=None)


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_clock_of_the_server_does_not_matter(station, hours, monkeypatch):
    """R17: Python's clock an hour off; the database alone says what time it is."""
    client = station.client()
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=hours))
    factories.due(station.assessment, clock() + timedelta(minutes=10))
    assert station.save(client).status_code == 302
    factories.due(station.assessment, clock() - timedelta(seconds=1))
    assert codes([station.save(client), station.take(client)]) == [(409, "deadline")] * 2
    assert codes([station.add(client)]) == [(409, "deadline")]
    with pytest.raises(Refused, match="deadline"):
        workflow.submit(station.assessment.pk, round_=1, by=station.person)
    station.assessment.refresh_from_db()
    assert station.assessment.state == State.DRAFT
