"""T34 to T36 at every door that takes a workbook: the quarter's sheet, a register, a standard.

Each ends in one clear line, in little time; nothing is written to the database and no file is left anywhere.
"""

import io
import tempfile
import zipfile
from pathlib import Path
from time import process_time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from assessments import bookfile
from assessments.scoring.tablewords import Words
from assessments.tables import FileFault
from personnel.roles import Role
from tests import factories
from tests.access.scene import draft_of
from tests.access.walk import rows
from tests.assessments import files

from .test_uploads import packed
from .test_workbooks import HOSTILE, SHEET, XML, far, made, sheet, text

pytestmark = pytest.mark.django_db
SECONDS = 5  # of work


class Doors:
    """One county with somebody logged in for each upload, and a sound file for it."""

    def __init__(self):
        self.period = factories.period()
        assessment = factories.assessment(self.period)
        station = factories.staffed(assessment.station, 7)
        chief, admin = _client(Role.CHIEF, station), _client(Role.SYSADMIN, self.period.bureau)
        draft = draft_of(self.period, factories.anybody(Role.SYSADMIN, self.period.bureau))
        of_register = [station.code, "staffing"]
        self.all = {
            "sheet": (chief, _to("offline", assessment.pk), _to("offline_sheet", assessment.pk)),
            "register": (chief, _to("register_import", *of_register), _to("register_file", *of_register)),
            "standard": (admin, _to("draft_import"), _to("draft_export_xlsx", draft["pk"])),
        }

    def send(self, door: str, content: bytes, name="填报.xlsx"):
        client, address, _file = self.all[door]
        return client.post(address, {"file": SimpleUploadedFile(name, content)})

    def sound(self, door: str) -> bytes:
        client, _address, file = self.all[door]
        return client.get(file).content


def _client(role, place) -> Client:
    client = Client()
    client.force_login(factories.user(role, place))
    client.cookies["django_language"] = "en"
    return client


def _to(name: str, *arguments) -> str:
    return reverse(f"assessments:{name}", args=arguments)


@pytest.fixture
def doors(settings, tmp_path, monkeypatch):
    settings.VAR = tmp_path / "var"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return Doors()


DOORS = ("sheet", "register", "standard")


def of_sheets(number: int, lines: str) -> bytes:
    """A workbook with these rows on each of so many pages."""
    whole, sound, file = Workbook(), io.BytesIO(), io.BytesIO()
    for at in range(1, number):
        whole.create_sheet(f"s{at}")
    whole.save(sound)
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            is_page = name.startswith("xl/worksheets/")
            target.writestr(name, sheet(lines) if is_page else source.read(name))
    return file.getvalue()


def every_row(column: str, last: int) -> str:
    return "".join(f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>' for row in range(1, last))


def understated() -> bytes:
    """The head of a packed part of 9 MB says 1 kB."""
    content = made({SHEET: sheet(text("A" * 9_000_000))})
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        size = parts.getinfo(SHEET).file_size
    return content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def behind_a_password() -> bytes:
    content = bytearray(made({}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


LINKS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
LINKS += 'Type="x/externalLinkPath" Target="//canary.test/x.xlsx" TargetMode="External"/></Relationships>'
MADE_TO_HARM = {
    **{
        kind: lambda kind=kind: made(HOSTILE[kind][0])
        for kind in HOSTILE
        if kind not in ("a packed text of 200 MB", "ten million texts")
    },
    "wide rows on several pages": lambda: of_sheets(3, every_row("GR", 400)),
    "endless rows": lambda: of_sheets(1, every_row("XFD", 20)),
    "texts without end": lambda: made({"xl/sharedStrings.xml": f"{XML}<sst>{'<si><t>a</t></si>' * 600_000}</sst>"}),
    "a packed text": lambda: made({SHEET: sheet(text("A" * 9_000_000))}),
    "a head that lies": understated,
    "a million rows": lambda: made({SHEET: sheet('<row r="1000001"><c r="A1000001"><v>1</v></c></row>')}),
    "the last corner": lambda: made({SHEET: sheet(far([1_048_576]))}),
    "a password": behind_a_password,
    "an object in it": lambda: made({"xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}),
    "a control": lambda: made({"xl/activeX/activeX1.xml": f"{XML}<x/>"}),
    "a link by its relation": lambda: made({"xl/externalLinks/_rels/externalLink1.xml.rels": XML + LINKS}),
    "half of it": lambda: made({})[:-200],
    "another table": lambda: made({}),
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
    "a page": lambda: b"<!DOCTYPE html><html>" + files.SCRIPT,
    "a photo": files.jpeg,
    "a text document": lambda: packed("[Content_Types].xml", "word/document.xml"),
    "nothing": lambda: b"",
}


def test_what_is_made_to_harm_is_refused_at_every_door(doors, tmp_path):
    before, wrong = rows(), {}
    for kind, make in MADE_TO_HARM.items():
        content = make()
        for door in DOORS:
            began = process_time()
            answer = doors.send(door, content)
            took = process_time() - began
            refused = answer.status_code in (400, 413, 415, 422) and b'role="alert"' in answer.content
            if not refused or took > SECONDS or b"root:x" in answer.content:
                wrong[kind, door] = answer.status_code, round(took, 1)
    assert wrong == {}
    assert rows() == before
    assert left(tmp_path) == []


@pytest.mark.parametrize("kind", ["wide rows on several pages", "endless rows"])
def test_no_more_cells_are_read_than_a_table_of_ours_could_have(kind):
    """A row is as long as its last cell is far: half a megabyte made of such rows took twenty seconds."""
    with pytest.raises(FileFault, match="far more than a table holds"):
        bookfile.read(MADE_TO_HARM[kind](), "t.xlsx", Words("en"))


def left(folder) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_another_kind_of_file_is_not_opened(doors):
    for door in DOORS:
        for name in ("a.xls", "a.xlsm", "a.xlsb", "a.xlsx.exe", "a.html", "a.csv", "a", "a.xlsx\0.exe"):
            assert doors.send(door, b"PK", name).status_code == 415, (door, name)


NAMES = ("../../../../tmp/evil.xlsx", "..\\..\\evil.xlsx", "/etc/cron.d/evil.xlsx", "CON.xlsx", "\u202eslx.exe.xlsx")
NAMES += ("长" * 300 + ".xlsx", "-rf .xlsx", "%2e%2e%2fevil.xlsx", '"><script>alert(1)</script>.xlsx')


def test_a_name_leads_nowhere_and_acts_nowhere(doors, tmp_path):
    for door in DOORS:
        for name in NAMES:
            answer = doors.send(door, b"x", name)
            assert answer.status_code == 422, (door, name)
            assert b"<script>alert" not in answer.content
        opened = doors.send(door, doors.sound(door), NAMES[-1])
        assert opened.status_code == 200
        assert b"<script>alert" not in opened.content
    assert left(tmp_path) == []


def test_a_page_around_a_sound_workbook_is_never_shown(doors):
    """A polyglot: what opens archives reads it as one, and a browser would run its head."""
    page = b"<html>" + files.SCRIPT
    for door in DOORS:
        answer = doors.send(door, files.jpeg() + page + doors.sound(door) + page)
        assert answer.status_code in (200, 422), door
        assert files.SCRIPT not in answer.content
        assert answer["Content-Type"].startswith("text/html")


SAID = ("=1+1", "@SUM(1)", '=HYPERLINK("http://canary.test")', "=cmd|' /C calc'!A0", "<script>z01z()</script>")


def test_what_a_cell_says_is_shown_as_text_and_never_worked_out(doors):
    for door in DOORS:
        book, file = load_workbook(io.BytesIO(doors.sound(door))), io.BytesIO()
        for at, said in enumerate(SAID, start=3):
            for column in (2, 3, 5):
                place = book.worksheets[0].cell(at, column)
                place.value, place.data_type = said, "s"
        book.save(file)
        answer = doors.send(door, file.getvalue())
        assert answer.status_code in (200, 422), door
        assert b"<script>z01z" not in answer.content
        assert b'href="http://canary.test' not in answer.content


def test_the_largest_workbook_of_ours_is_a_tenth_of_what_is_read(client):
    """The whole shipped edition."""
    client.force_login(factories.user(Role.SYSADMIN))
    content = client.get(_to("edition_xlsx", factories.edition().pk)).content
    read = bookfile.read(content, "t.xlsx", Words("en"))
    assert sum(len(row) for page in read.values() for row in page) < bookfile.MOST_CELLS / 10
