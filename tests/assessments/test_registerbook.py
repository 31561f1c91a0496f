"""A register as a workbook: there and back, bad cells marked in red, applied through the register's door."""

import html
import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from audit.models import Event
from personnel.models import Staffing, Training
from tests import factories
from tests.edges.test_spreadsheets import active
from tests.edges.test_workbooks import SHEET, made, sheet, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    found = factories.staffed(factories.zoned(factories.station(code="CG01")), 7)
    factories.equipped(factories.funded(found, 2026, public_funds_yuan="2800.50"), kit=4)
    Training.objects.create(station=found, held_on="2026-03-02", topic="=1+1", days=1, participants=5)
    return found


@pytest.fixture
def client(client, station):
    client.force_login(factories.user("chief", station))
    client.cookies["django_language"] = "en"
    return client


def address(name, book):
    return reverse(f"assessments:register_{name}", args=["CG01", book])


def downloaded(client, book):
    return client.get(address("file", book)).content


def changed(content, cells: dict) -> bytes:
    """The workbook with these cells, {(sheet number, "B2"): value}, written over."""
    book, file = load_workbook(BytesIO(content)), BytesIO()
    for (number, place), value in cells.items():
        book.worksheets[number][place] = value
    book.save(file)
    return file.getvalue()


def sent(client, book, content, name="register.xlsx"):
    return client.post(address("import", book), {"file": SimpleUploadedFile(name, content)})


def payload(answer) -> str:
    return html.unescape(re.search(r'name="payload" value="([^"]+)"', answer.content.decode())[1])


@pytest.mark.parametrize("book", ["zones", "equipment", "staffing", "funding", "training"])
def test_what_is_downloaded_says_nothing_new_and_has_no_formula(client, book):
    content = downloaded(client, book)
    assert active(content) == []
    answer = sent(client, book, content)
    assert "The file says what the register says already." in answer.content.decode()


def test_a_dry_run_writes_nothing_and_its_confirmation_saves_through_the_register(client, station):
    content = changed(downloaded(client, "staffing"), {(0, "B3"): 14})
    answer = sent(client, "staffing", content)
    assert '<td data-label="In the file">14</td>' in answer.content.decode()
    assert Staffing.objects.get().auxiliaries is None
    assert client.post(address("apply", "staffing"), {"payload": payload(answer)}).status_code == 302
    assert Staffing.objects.get().auxiliaries == 14
    assert Event.objects.get(action="register.save").detail["changed"] == {"auxiliaries": [None, 14]}


def test_cells_that_do_not_fit_come_back_red_with_what_is_wrong(client, station):
    content = changed(downloaded(client, "staffing"), {(0, "B2"): "seven", (0, "B3"): 14})
    answer = sent(client, "staffing", content)
    assert "Staffing, row 2, column B" in answer.content.decode()
    marked = client.post(address("marked", "staffing"), {"payload": payload(answer)})
    page = load_workbook(BytesIO(marked.content)).active
    assert (page["B2"].value, page["B2"].fill.fgColor.rgb) == ("seven", "FFFFC7CE")
    assert "whole number" in page["B2"].comment.text
    assert page["B3"].comment is None
    refused = client.post(address("apply", "staffing"), {"payload": payload(answer)})
    assert refused.status_code == 422
    assert Staffing.objects.get().auxiliaries is None


def test_a_formula_without_its_result_takes_no_value_away(client):
    """It looks blank to a reader of results, and a blank would empty the register's value."""
    answer = sent(client, "staffing", changed(downloaded(client, "staffing"), {(0, "B2"): "=3+4"}))
    assert answer.status_code == 422
    assert "row 2, column B: a formula without a stored result" in answer.content.decode()


def test_a_raised_digit_is_no_digit(client):
    answer = sent(client, "equipment", changed(downloaded(client, "equipment"), {(0, "B2"): "10²"}))
    assert "Enter a whole number" in answer.content.decode()


def test_a_register_saved_since_the_dry_run_is_not_written_over(client, station):
    answer = sent(client, "staffing", changed(downloaded(client, "staffing"), {(0, "B3"): 14}))
    Staffing.objects.update(auxiliaries=3)
    late = client.post(address("apply", "staffing"), {"payload": payload(answer)})
    assert late.status_code == 409
    assert "Somebody saved this register after the file was checked." in late.content.decode()
    assert Staffing.objects.get().auxiliaries == 3


def test_rooms_are_changed_added_and_taken_off_together(client, station):
    content = changed(
        downloaded(client, "zones"),
        {(0, "C2"): 5, (1, "D2"): 12.5, (1, "E2"): "Yes", (1, "B4"): "Household registration room", (1, "C4"): "2"},
    )
    answer = sent(client, "zones", content)
    assert client.post(address("apply", "zones"), {"payload": payload(answer)}).status_code == 302
    service = station.zones.get(kind="service")
    assert (service.boundaries, service.rooms.filter(kind="household").count(), service.rooms.count()) == (5, 2, 4)
    assert service.rooms.filter(has_camera=True, area_m2="12.5").count() == 1


def test_a_wrong_year_kind_or_answer_is_told_at_its_cell(client):
    told = sent(client, "zones", changed(downloaded(client, "zones"), {(0, "B2"): "maybe", (1, "B2"): "Cellar"}))
    assert told.content.decode().count("<tr><th") == 2 + 1  # the heads
    told = sent(client, "funding", changed(downloaded(client, "funding"), {(0, "A2"): "last"}))
    assert "Enter a year" in told.content.decode()
    told = sent(client, "training", changed(downloaded(client, "training"), {(0, "C2"): 0}))
    assert "Enter more than 0." in told.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("register.xlsm", b"x", 415),
        ("../../register.xlsx", b"no zip", 422),
        ("register.xlsx", b"x" * (2 * 1024**2 + 1), 413),
        ("register.xlsx", made({SHEET: sheet(text("&e;"), '<!DOCTYPE x [<!ENTITY e "x">]>')}), 422),
        ("register.xlsx", made({"xl/vbaProject.bin": b"x"}), 422),
        ("register.xlsx", made({SHEET: sheet(text("A" * 9_000_000))}), 422),
        ("register.xlsx", made({}), 422),
    ],
    ids=["macros", "no zip", "too big", "entities", "a macro inside", "a bomb", "another's"],
)
def test_hostile_and_foreign_workbooks_are_refused(client, name, content, status):
    """T34 T35 T36."""
    assert sent(client, "staffing", content, name).status_code == status


def test_a_dry_run_belongs_to_its_person_station_and_register(client, station):
    told = payload(sent(client, "staffing", changed(downloaded(client, "staffing"), {(0, "B3"): 14})))
    for book, said in (("equipment", told), ("staffing", told[:-2])):
        assert client.post(address("apply", book), {"payload": said}).status_code == 400
    client.force_login(factories.user("clerk", station))
    assert client.post(address("apply", "staffing"), {"payload": told}).status_code == 400
    assert client.get(address("import", "cellar")).status_code == 404
