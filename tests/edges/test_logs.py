"""T29, T44: nobody writes lines of their own into the log, and nothing private gets into it."""

import io
import json
import logging

import pytest
from django.db import IntegrityError
from django.test import Client, override_settings
from django.urls import path

from personnel.models import User
from stationstd import errors, logs, personal
from stationstd.urls import urlpatterns as product
from tests import factories

ID_NUMBER = "110101199003074493"
FORGED = 'x\r\n{"level":"INFO","message":"all is well"}\u2028\x85\u202e'


@pytest.fixture
def log():
    """Everything that is logged meanwhile, as the lines that are written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLines())
    loggers = [logging.getLogger(), logging.getLogger("stationstd.request")]
    levels = [each.level for each in loggers]
    logging.getLogger().addHandler(handler)
    for each in loggers:
        each.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)


def _fails(request, number):
    User.objects.filter(username=number).first()
    raise ValueError(f"cannot use {number}")


def _breaks(request, number):
    for _twice in range(2):
        User.objects.create(username=number, name="张三", role="auditor")


def _breaks_around(request, number):
    try:
        _breaks(request, number)
    except IntegrityError as error:
        raise RuntimeError("could not be stored") from error


urlpatterns = [
    *product,
    path("fails/<str:number>/", _fails),
    path("breaks/<str:number>/", _breaks),
    path("around/<str:number>/", _breaks_around),
]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.server_error


def test_a_forged_line_is_one_line_of_json(log):
    logging.getLogger("anything").warning("%s", FORGED)
    (line,) = log()
    assert line["message"] == FORGED


def test_what_a_terminal_would_obey_is_escaped():
    record = logging.LogRecord("x", logging.INFO, "", 0, "\x1b[2J\x85\u2028\u202e\ud800", None, None)
    written = logs.JsonLines().format(record)
    assert written.isascii()
    assert written.isprintable()


def test_a_login_with_a_forged_name_is_one_line_without_the_name(client, db, log):
    client.post("/login/", {"username": FORGED, "password": "Secret-Quarter-2026"})
    (line,) = [line for line in log() if line["logger"] == "stationstd.request"]
    assert (line["message"], line["status"], line["address"]) == ("POST /login/", 422, "127.0.0.1")
    assert "all is well" not in json.dumps(log())
    assert "Secret-Quarter" not in json.dumps(log())


def test_an_address_that_a_stranger_claims_is_not_logged(client, db, log):
    for header in ("X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "Forwarded"):
        client.get("/login/", headers={header: "1.2.3.4"})
    assert {line["address"] for line in log()} == {"127.0.0.1"}


def test_a_line_has_the_number_of_the_account_and_no_search_word(client, db, log):
    reviewer = factories.user("reviewer", name="王科长", username="wang")
    client.force_login(reviewer)
    answer = client.get("/stations/", {"q": "王五"})
    (line,) = [line for line in log() if line["logger"] == "stationstd.request"]
    assert (line["user"], line["request"]) == (reviewer.pk, answer.headers["X-Request-Id"])
    assert not {"王五", "王科长", "wang"} & set(json.dumps(line, ensure_ascii=False).split())
    assert "%E7" not in json.dumps(line)


@pytest.mark.parametrize("address", ["fails", "breaks", "around"])
def test_a_fault_is_told_with_its_calls_and_its_number_but_without_values(db, log, address):
    client = Client(raise_request_exception=False)
    client.force_login(factories.user("auditor"))
    with override_settings(ROOT_URLCONF=__name__):
        answer = client.get(f"/{address}/{ID_NUMBER}/")
    (line,) = [line for line in log() if "fault" in line]
    number = answer.headers["X-Request-Id"]
    assert answer.status_code == 500
    assert number in answer.content.decode()
    assert line["request"] == number
    assert any("_fails" in call or "_breaks" in call for fault in line["fault"] for call in fault["calls"])
    told = json.dumps(log(), ensure_ascii=False)
    assert ID_NUMBER not in told
    assert "张三" not in told
    assert ID_NUMBER not in answer.content.decode()
    if address != "fails":
        assert "23505" in told  # a duplicate key, by its code and constraint alone
        assert "DETAIL" not in told


def test_the_number_of_a_request_is_in_every_answer_and_new_each_time(client, db):
    numbers = [client.get(address).headers["X-Request-Id"] for address in ("/login/", "/nothing/", "/login/", "/")]
    assert len(set(numbers)) == len(numbers)


def test_a_number_from_outside_is_not_taken_over(client, db):
    assert client.get("/login/", headers={"X-Request-Id": "mine"}).headers["X-Request-Id"] != "mine"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"证件{ID_NUMBER}。", "证件110101********4493。"),
        ("１１０１０１１９９００３０７４４９３", "110101********4493"),
        ("110101 19900307 002x", "110101********002x"),
        ("tel 13812345678, +86 138-1234-5678", "tel 138****5678, 138****5678"),
        ("2026-11-22 09:33:27 S0001 47970 13812345", "2026-11-22 09:33:27 S0001 47970 13812345"),
        ("f81d4fae-7dec-11d0-a765-13812345678a", "f81d4fae-7dec-11d0-a765-13812345678a"),
    ],
)
def test_numbers_of_people_are_masked_and_others_are_not(text, shown):
    assert personal.masked(text) == shown


def test_an_id_number_is_known_by_its_check_digit():
    assert personal.id_numbers(f"身份证 {ID_NUMBER}") == [ID_NUMBER]
    assert personal.id_numbers("身份证 110101199003074494") == []
    assert personal.id_numbers(f"A{ID_NUMBER}") == []
