"""The offline sheet: what the workbook holds, what comes back, and that nothing is written unseen or twice."""

from io import BytesIO
from time import process_time
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from assessments import answers
from assessments.models import AnswerChange
from tests import factories
from tests.assessments.sheets import Counted, text_of
from tests.contract.bodies import shown
from tests.edges.test_workbooks import HOSTILE, made

pytestmark = pytest.mark.django_db
OFFICERS, LINKED, SPOTS, COLLEGE = "staff.officers", "video.linked", "video.blind_spots", "staff.college"
VALUE, ESTIMATED = 5, 6  # columns as openpyxl counts


@pytest.fixture
def assessment(client):
    """城关 on the tiny standard, its chief logged in: the link answered, and seven officers."""
    here = factories.assessment(factories.period(edition=factories.tiny_edition()))
    factories.answered(here, {LINKED: 1, OFFICERS: 7})
    client.force_login(factories.user("chief", here.station))
    client.cookies["django_language"] = "en"
    return here


def address(assessment, name="offline"):
    return reverse(f"assessments:{name}", args=[assessment.pk])


def book(client, assessment):
    return load_workbook(BytesIO(client.get(address(assessment, "offline_sheet")).content))


def cell(workbook, metric, column=VALUE):
    for page in workbook.worksheets[:-1]:
        for row in page.iter_rows(min_row=3):
            if row[10].value == metric:
                return page.cell(row[0].row, column)
    raise KeyError(metric)


def saved(workbook) -> bytes:
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def send(client, assessment, content: bytes, name="sheet.xlsx"):
    return client.post(address(assessment), {"file": SimpleUploadedFile(name, content)})


def filled(client, assessment, values: dict, estimated=()):
    """The page that an upload of these values leads to."""
    workbook = book(client, assessment)
    for metric, value in values.items():
        cell(workbook, metric).value = value
    for metric in estimated:
        cell(workbook, metric, ESTIMATED).value = "Yes"
    return send(client, assessment, saved(workbook))


def form(response, assessment) -> dict:
    return shown(text_of(response), address(assessment, "offline_apply"))


def stands(assessment, metric):
    return answers.cells(assessment).get(metric, answers.Cell())


def test_the_workbook_is_locked_but_for_its_answers_and_knows_units_bounds_and_choices(client, assessment):
    workbook = book(client, assessment)
    zones, staffing, mark = workbook.worksheets
    assert (zones.title, staffing.title, mark.sheet_state) == ("1 Zones", "2 Staffing", "veryHidden")
    assert zones.protection.sheet
    assert zones.protection.password is None
    assert (zones.page_setup.orientation, str(zones.page_setup.paperSize)) == ("landscape", "9")
    open_cells = {c.coordinate for row in zones.iter_rows() for c in row if not c.protection.locked}
    assert open_cells == {f"{column}{row}" for column in "EF" for row in (3, 4, 5)}
    assert [zones.cell(4, column).value for column in (1, 2, 3, 5)] == [
        "1.2",
        "Video linked",
        "Video linked to the bureau's centre",
        "Yes",
    ]
    rules = {str(each.sqref): each for each in zones.data_validations.dataValidation}
    assert (rules["E4"].type, rules["E4"].formula1) == ("list", '"Yes,No"')
    assert (rules["E5"].type, rules["E5"].formula1, rules["E5"].formula2) == ("whole", "0", "200")
    said = {row[0].value: row[1].value for row in mark.iter_rows()}
    standard = assessment.period.edition.standard
    assert (said["assessment"], said["round"], said["edition"]) == (str(assessment.pk), "1", standard.digest)
    assert (said[OFFICERS], said[SPOTS]) == ("2", "0")
    client.cookies["django_language"] = "zh-hans"
    chinese = book(client, assessment)
    assert [each.value for each in chinese.worksheets[0][2]][2:5] == ["指标", "单位", "本期填报"]
    assert cell(chinese, LINKED).value == "是"


def test_an_untouched_workbook_changes_nothing_even_when_somebody_went_on_meanwhile(client, assessment):
    content = client.get(address(assessment, "offline_sheet")).content
    factories.answered(assessment, {SPOTS: 4})
    before = AnswerChange.objects.count()
    page = send(client, assessment, content)
    assert page.status_code == 200
    assert "The file changes nothing" in text_of(page)
    assert AnswerChange.objects.count() == before


def test_every_figure_of_the_shipped_edition_comes_back_as_it_went_in_little_time(client, assessment):
    """Dates, shares, money and questions, all answered."""
    here = factories.filled(factories.assessment(factories.period(edition=factories.edition())))
    client.force_login(factories.user("chief", here.station))
    began = process_time()
    page = send(client, here, saved(book(client, here)))
    assert process_time() - began < 5
    assert "The file changes nothing" in text_of(page)
    asked = [m for m in here.period.edition.standard.metrics.values() if m.applies(here.station_class_id)]
    assert f"{len(asked)} figures stay as they are" in text_of(page)


def test_a_question_that_is_not_answered_by_yes_or_no_is_refused_with_those_words(client, assessment):
    page = text_of(filled(client, assessment, {LINKED: "maybe", SPOTS: "few"}))
    assert "Answer Yes or No, or leave it blank." in page
    assert "“few” is not a number. Type digits only." in page


def test_what_is_filled_in_is_shown_first_and_then_written_once(client, assessment):
    """T1 for a whole file: the same confirmation twice"""
    page = filled(client, assessment, {SPOTS: 3, COLLEGE: "5", LINKED: "No", OFFICERS: None}, estimated=[SPOTS])
    assert stands(assessment, SPOTS).state == "missing"
    said = form(page, assessment)
    assert {said[f"value.{metric}"] for metric in (SPOTS, COLLEGE, LINKED)} == {"3", "5", "0"}
    with Counted() as counted:
        answer = client.post(address(assessment, "offline_apply"), said)
    assert answer.status_code == 302
    assert len(counted.own) <= 8, counted.own
    assert stands(assessment, SPOTS) == answers.Cell(3, "estimated", "typed", 1)
    assert stands(assessment, LINKED) == answers.Cell(0, "answered", "typed", 2)
    assert stands(assessment, OFFICERS) == answers.Cell(None, "missing", "typed", 3)
    assert "4 figures written" in text_of(client.get(answer.url))
    factories.answered(assessment, {COLLEGE: 6})
    before = AnswerChange.objects.count()
    again = client.post(address(assessment, "offline_apply"), said)
    assert (again.status_code, again.url) == (302, answer.url)
    assert stands(assessment, COLLEGE).value == 6
    assert AnswerChange.objects.count() == before


def test_what_somebody_changed_meanwhile_waits_for_a_choice(client, assessment):
    workbook = book(client, assessment)
    cell(workbook, OFFICERS).value, cell(workbook, SPOTS).value = 9, 3
    factories.answered(assessment, {OFFICERS: 8})
    page = send(client, assessment, saved(workbook))
    assert "Somebody changed it meanwhile" in text_of(page)
    unchosen = form(page, assessment)
    assert f"take.{OFFICERS}" not in unchosen
    assert client.post(address(assessment, "offline_apply"), unchosen).status_code == 302
    assert (stands(assessment, OFFICERS).value, stands(assessment, SPOTS).value) == (8, 3)
    mine = unchosen | {"op_id": uuid4(), f"take.{OFFICERS}": "3"}
    del mine[f"take.{SPOTS}"]
    assert client.post(address(assessment, "offline_apply"), mine).status_code == 302
    assert stands(assessment, OFFICERS) == answers.Cell(9, "answered", "typed", 4)


def test_a_change_between_the_look_and_the_confirmation_is_never_overwritten(client, assessment):
    said = form(filled(client, assessment, {OFFICERS: 9, SPOTS: 3}), assessment)
    factories.answered(assessment, {OFFICERS: 8})
    answer = client.post(address(assessment, "offline_apply"), said)
    assert answer.status_code == 409
    assert "1 figure written" in text_of(answer)
    assert f'name="take.{OFFICERS}" value="3" required' in text_of(answer)
    assert (stands(assessment, OFFICERS).value, stands(assessment, SPOTS).value) == (8, 3)


def test_a_bad_cell_is_named_by_page_and_cell_and_the_others_can_be_written(client, assessment):
    page = filled(client, assessment, {SPOTS: 300, COLLEGE: 2.5, LINKED: "=1+1", OFFICERS: 9})
    text = text_of(page)
    for said in ("page “1 Zones”, cell E5", "Must not be above 200", "Whole numbers only", "result of the formula"):
        assert said in text
    assert set(form(page, assessment)) == {"op_id", "round", f"value.{OFFICERS}", f"take.{OFFICERS}"}
    client.cookies["django_language"] = "zh-hans"
    assert "不能大于" in text_of(filled(client, assessment, {SPOTS: 300}))


def test_the_sheet_of_another_assessment_round_or_edition_is_refused_in_words(client, assessment):
    for row, said in ((2, "another station or another period"), (3, "before the sheet was returned"), (4, "edition")):
        workbook = book(client, assessment)
        workbook["stationstd"].cell(row, 2).value = "99999"
        page = send(client, assessment, saved(workbook))
        assert (page.status_code, said in text_of(page)) == (422, True)


def test_a_hostile_workbook_is_refused_in_little_time(client, assessment):
    """T36"""
    for kind in ("thousands of parts", "entities of entities", "macros", "links to other files"):
        content, began = made(HOSTILE[kind][0]), process_time()
        assert send(client, assessment, content).status_code == 422, kind
        assert process_time() - began < 5, kind


def test_other_files_are_refused(client, assessment):
    assert send(client, assessment, b"x", "sheet.xlsm").status_code == 415
    assert send(client, assessment, b"x").status_code == 422
    assert send(client, assessment, b"x" * (2 * 1024**2 + 1)).status_code == 413
    assert send(client, assessment, made({})).status_code == 422
    assert client.post(address(assessment)).status_code == 422


FORGED = (
    ({"value.police.fines": "1"}, 400),
    ({"take.staff.college": "0"}, 400),
    ({"estimated.staff.officers": "yes"}, 400),
    ({"take.staff.officers": "x"}, 400),
    ({"verified_score": "1"}, 400),
    ({"op_id": "x"}, 400),
    ({"round": "2"}, 409),
    ({"value.staff.officers": "-3"}, 400),
)


def test_a_forged_confirmation_writes_nothing(client, assessment):
    said = {"op_id": uuid4(), "round": "1", f"value.{OFFICERS}": "9", f"take.{OFFICERS}": "2"}
    for more, status in FORGED:
        assert client.post(address(assessment, "offline_apply"), said | more).status_code == status, more
    for lacking in ("op_id", "round"):
        rest = {key: text for key, text in said.items() if key != lacking}
        assert client.post(address(assessment, "offline_apply"), rest).status_code == 428
    assert stands(assessment, OFFICERS).value == 7


def test_a_closed_sheet_takes_no_file(client, assessment):
    content = client.get(address(assessment, "offline_sheet")).content
    said = form(filled(client, assessment, {SPOTS: 3}), assessment)
    factories.submitted(assessment)
    assert send(client, assessment, content).status_code == 409
    before = AnswerChange.objects.count()
    assert client.post(address(assessment, "offline_apply"), said).status_code == 409
    assert AnswerChange.objects.count() == before


def test_after_a_return_what_did_not_come_back_is_locked(client, assessment):
    factories.returned(factories.submitted(assessment), items={"zones.blind_spots": "请补正。"})
    workbook = book(client, assessment)
    assert [cell(workbook, metric).protection.locked for metric in (SPOTS, OFFICERS)] == [False, True]
    page = filled(client, assessment, {SPOTS: 5, OFFICERS: 99})
    assert "did not return this item" in text_of(page)
    assert f"take.{OFFICERS}" not in form(page, assessment)


def test_the_download_asks_the_database_no_more_for_more_figures(client, assessment):
    with Counted() as counted:
        client.get(address(assessment, "offline_sheet"))
    assert len(counted.own) <= 14, counted.own
