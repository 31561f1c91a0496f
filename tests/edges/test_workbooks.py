"""T36: a workbook that is made to harm ends in one clear line, in little time and memory."""

import io
import resource
import subprocess
import sys
import zipfile

import pytest
from openpyxl import Workbook

from assessments import tables
from assessments.scoring.tablewords import Words

SHEET = "xl/worksheets/sheet1.xml"
XML = '<?xml version="1.0"?>'
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADS = '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c><c r="B1"><v>1</v></c></row>'
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def sheet(rows: str, before: str = "") -> str:
    return f'{XML}{before}<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'


def text(content: str) -> str:
    return f'<row r="1"><c r="A1" t="inlineStr"><is><t>{content}</t></is></c></row>'


def far(rows) -> str:
    return HEADS + "".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in rows)


def book(path, parts: dict[str, str | bytes]):
    """A small sound workbook with these parts in place of its own."""
    path.write_bytes(made(parts))
    return path


def made(parts: dict[str, str | bytes]) -> bytes:
    """The same, as bytes."""
    sound, file, whole = io.BytesIO(), io.BytesIO(), Workbook()
    whole.active.append(["code", 1])
    whole.save(sound)
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in {*source.namelist(), *parts}:
            target.writestr(name, parts[name] if name in parts else source.read(name))
    return file.getvalue()


HOSTILE = {
    "a packed text of 200 MB": ({SHEET: sheet(text("A" * 200_000_000))}, "far more"),
    "ten million texts": ({"xl/sharedStrings.xml": f"{XML}<sst>{'<si><t>a</t></si>' * 10_000_000}</sst>"}, "far more"),
    "thousands of parts": ({f"xl/media/{n}": "x" for n in range(300)}, "far more"),
    "entities of entities": (
        {SHEET: sheet(text("&e9;"), f'<!DOCTYPE x [<!ENTITY e0 "x">{_ENTITIES}]>')},
        "document type",
    ),
    "a file of the server": (
        {SHEET: sheet(text("&e;"), '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')},
        "document type",
    ),
    "the same in two bytes a sign": (
        {SHEET: sheet(text("&e;"), '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>').encode("utf-16")},
        "document type",
    ),
    "entities after a long remark": (
        {SHEET: sheet(text("&e;"), f'<!--{" " * 9000}--><!DOCTYPE x [<!ENTITY e "x">]>')},
        "not a sound xlsx",
    ),
    "macros": ({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}, "macros"),
    "links to other files": ({"xl/externalLinks/externalLink1.xml": "<x/>"}, "links to other files"),
    "cells far to the right": ({SHEET: sheet(far(range(2, 5_000)))}, "far beyond the heads"),
}


def read(path) -> list:
    return list(tables.read(path, Words("en")))


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_workbook_made_to_harm_is_refused_in_one_line(tmp_path, kind):
    parts, said = HOSTILE[kind]
    path = book(tmp_path / "t.xlsx", parts)
    with pytest.raises(tables.FileFault, match=said):
        read(path)


def test_a_million_rows_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS_READ", 100)
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(2, 103))
    with pytest.raises(tables.FileFault, match="more than 100 rows"):
        read(book(tmp_path / "t.xlsx", {SHEET: sheet(HEADS + rows)}))


def test_one_stray_cell_in_the_last_corner_is_read_as_it_stands(tmp_path):
    """The table itself names the cell; a person put it there by mistake."""
    rows = read(book(tmp_path / "t.xlsx", {SHEET: sheet(far([3000]))}))
    assert len(rows) == 3000
    assert rows[-1][-1] == 1


def test_an_ordinary_workbook_passes(tmp_path):
    assert read(book(tmp_path / "t.xlsx", {})) == [["code", 1]]


def test_the_command_stays_small_and_says_what_is_wrong(tmp_path):
    """In a process of its own with half a gigabyte, as a whole."""
    parts, said = HOSTILE["a packed text of 200 MB"]
    path = book(tmp_path / "t.xlsx", parts)
    program = "import pathlib, sys; from assessments import tables; from assessments.scoring.tablewords import Words; "
    program += "list(tables.read(pathlib.Path(sys.argv[1]), Words('en')))"
    memory = (512 * 1024**2,) * 2
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        env={"OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, memory),
    )
    assert said in done.stderr.splitlines()[-1]
