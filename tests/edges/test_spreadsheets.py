"""T14: what people write stays a text in every table that leaves the product, in Excel and WPS too."""

import csv
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments import tables
from assessments.models import Period
from assessments.scoring.tablewords import Words
from audit import events
from audit.models import Event
from personnel.models import User
from stations.models import Bureau, Station
from stationstd import workbook
from tests import factories

from . import texts
from .crawler import as_person

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\n=1",
    " =1",
    "＝1+1",
    "＋1",
    '=HYPERLINK("http://x.test")',
    "=cmd|' /C calc'!A0",
    '=WEBSERVICE("http://x.test")',
    "http://x.test/",
    "mailto:x@x.test",
    "internal:Sheet1!A1",
    "{=1+1}",
)
_NAMES = {(Station, "name"), (Bureau, "name"), (Period, "name"), (User, "name"), (Event, "reason")}
_SHEETS = {  # the workbook's person, and how it is asked for
    "audit": ("auditor", lambda client, period: client.get(reverse("audit:export"))),
    "ranking": ("leader", lambda client, period: client.get(_ranking(period), {"export": "xlsx"})),
    "what-if": ("leader", lambda client, period: client.post(_whatif(period), _proposal(period))),
}


def _ranking(period) -> str:
    return reverse("assessments:ranking_period", args=[period.pk])


def _whatif(period) -> str:
    return reverse("assessments:whatif_period", args=[period.pk])


def _proposal(period) -> dict:
    return {"edition": period.edition_id, "base": period.edition_id, "points:staffing.load": "8", "export": "xlsx"}


def active(content: bytes) -> list[str]:
    """What in a workbook is more than text and numbers: formulas, links, cells of another type, macros."""
    found = []
    with ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode()
            found += re.findall(r"<f[ >/]|<hyperlink|relationships/hyperlink|vbaProject|externalLink|TargetMode", text)
            if "/worksheets/" in name:
                found += [
                    kind for kind in re.findall(r'<c [^>]*t="(\w+)"', text) if kind not in ("s", "inlineStr", "n")
                ]
    return found


def shown(content: bytes) -> set:
    return {
        cell for sheet in load_workbook(BytesIO(content)) for row in sheet.iter_rows(values_only=True) for cell in row
    }


@pytest.fixture
def period(db):
    made = factories.period()
    factories.published(made)
    return made


def test_no_workbook_has_a_formula_or_a_link(period):
    people = {"auditor": factories.user("auditor"), "leader": factories.user("leader", period.bureau)}
    events.record("account.change", "account:1", reason="改", note="备注", by=people["leader"])
    clients = {role: as_person(person) for role, person in people.items()}
    columns = [column for column in texts.columns() if (column.model, column.field.name) in _NAMES]
    assert len(columns) == len(_NAMES)
    for formula in FORMULAS:
        for column in columns:
            texts.write(column, lambda _number, _row, formula=formula: formula)
        for name, (role, ask) in _SHEETS.items():
            answer = ask(clients[role], period)
            assert answer.status_code == 200, (name, formula)
            assert active(answer.content) == [], (name, formula)
            assert formula in shown(answer.content), (name, formula)


def test_a_text_longer_than_a_cell_is_cut_and_not_left_out():
    (only,) = shown(workbook.book([workbook.Sheet("S", ["长" * 10], [])])) - {None}
    assert only == "长" * 10
    cells = shown(workbook.book([workbook.Sheet("S", ["h"], [["长" * 40_000]])]))
    assert "长" * workbook.LONGEST in cells


def test_tables_of_commands_hold_texts_as_texts(tmp_path):
    lines = [[formula, number] for number, formula in enumerate(FORMULAS)]
    path = tmp_path / "t.xlsx"
    tables.write(path, ["=head", "n"], lines, Words("en"))
    assert active(path.read_bytes()) == []
    assert set(FORMULAS) | {"=head"} <= shown(path.read_bytes())


def test_no_cell_of_a_csv_begins_like_a_formula(tmp_path):
    path = tmp_path / "t.csv"
    tables.write(path, ["＝head", "n"], [[formula, -number] for number, formula in enumerate(FORMULAS)], Words("en"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = csv.reader(file)
    assert heads[0] == "'＝head"
    for formula, (cell, number) in zip(FORMULAS, rows, strict=True):
        assert cell.removeprefix("'") == formula
        assert not re.match(r"\s*[=+\-@＝＋－＠]|[\t\r]", cell)
        assert float(number) <= 0  # a number stays a number


@pytest.mark.parametrize(
    "part",
    ["<f>1</f>", '<hyperlink ref="A1"/>', '<c r="A1" t="str"><v>1</v></c>', '<c r="A1" t="e"><v>#REF!</v></c>'],
)
def test_a_workbook_that_acts_would_be_found(part):
    content = BytesIO()
    with ZipFile(content, "w") as parts:
        parts.writestr("xl/worksheets/sheet1.xml", part)
    assert active(content.getvalue())
