"""T44: numbers that name a person are asked about before they are stored, and masked where acts are looked at."""

import inspect
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from audit import events
from personnel.models import Training
from stationstd.celery import app
from tests import factories
from tests.stations.pages import shown

from .crawler import as_person
from .test_logs import ID_NUMBER, log  # noqa: F401  a fixture

MOBILE = "13812345678"
TRAINING = {"held_on": "2026-08-05", "days": "1", "participants": "7"}


@pytest.fixture
def chief(db):
    return factories.user("chief")


@pytest.fixture
def client(chief):
    return as_person(chief, "en")


def enter(client, chief, topic: str, headers=None, **more):
    address = reverse("personnel:training_new", args=[chief.station.code])
    form = shown(client.get(address)) | TRAINING | {"topic": topic} | more
    return client.post(address, form, headers=headers or {})


@pytest.mark.parametrize(
    "number", [ID_NUMBER, MOBILE, "138 1234 5678", "１３８１２３４５６７８", "11010119900307-4493"]
)
def test_a_number_of_a_person_is_asked_about_once_and_then_stored(client, chief, number):
    asked = enter(client, chief, f"培训 {number}")
    assert asked.status_code == 409
    assert not Training.objects.exists()
    page = asked.content.decode()
    assert 'data-code="personal"' in page
    assert "leave it out" in page
    assert client.post(asked.wsgi_request.path, shown(asked)).status_code == 302
    assert Training.objects.get().topic == f"培训 {number}"


@pytest.mark.parametrize(
    "topic", ["培训 2026-08-05", "第110101199003074494号", "47970人", "1381234567", "S13812345678"]
)
def test_other_numbers_are_not_asked_about(client, chief, topic):
    assert enter(client, chief, topic).status_code == 302


def test_a_part_of_a_page_is_told_in_its_notices(client, chief):
    told = enter(client, chief, ID_NUMBER, headers={"HX-Request": "true"})
    assert (told.status_code, told.headers["HX-Retarget"]) == (409, "#notices")
    assert b'data-code="personal"' in told.content
    assert enter(client, chief, ID_NUMBER, headers={"Accept": "application/json"}).json()["code"] == "personal"
    assert not Training.objects.exists()


def test_an_answer_to_a_question_nobody_asked_is_no_field_too_many(client, chief):
    assert enter(client, chief, "培训", keep_numbers="yes").status_code == 302


def test_the_number_gets_into_no_log_and_no_address(client, chief, log):  # noqa: F811
    answers = [enter(client, chief, ID_NUMBER), enter(client, chief, ID_NUMBER, keep_numbers="yes")]
    answers.append(client.get(f"/nothing/{ID_NUMBER}/"))
    assert log()
    assert not any(ID_NUMBER in str(line) for line in log())
    assert not any(ID_NUMBER in answer.headers.get("Location", "") for answer in answers)


def test_the_auditor_sees_acts_and_not_people_s_numbers(db):
    told = {"changed": {"name": [f"旧 {ID_NUMBER}", MOBILE]}, "note": MOBILE, "several": [ID_NUMBER]}
    events.record("account.change", "account:1", reason=f"证件 {ID_NUMBER}", **told)
    auditor = as_person(factories.user("auditor"))
    page = auditor.get(reverse("audit:list")).content.decode()
    book = load_workbook(BytesIO(auditor.get(reverse("audit:export")).content))
    cells = " ".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row)
    for told in (page, cells):
        assert ID_NUMBER not in told
        assert MOBILE not in told
        assert "110101********4493" in told
        assert "138****5678" in told


def test_a_task_is_sent_nothing_but_numbers_of_rows():
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert len(ours) >= 6
    told = {parameter for task in ours.values() for parameter in inspect.signature(task.run).parameters}
    assert told <= {"pk", "after"}  # the row, and the digest of a file to go on behind
