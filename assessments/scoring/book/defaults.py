"""What a paper scheme leaves out: taken from the document that is replaced, or filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy

from ..editing import drop_unused, used
from .cells import Around
from .layout import CRITERIA, GRADES, HEAD, SECTIONS, Sheet

# Grades of the Ministry's rules (95 / 85 / 70 / 60), for a scheme that says none.
GRADES_FILLED = (
    ("first", "一级", "Grade one", 95),
    ("second", "二级", "Grade two", 85),
    ("third", "三级", "Grade three", 70),
    ("fourth", "四级", "Grade four", 60),
    ("fifth", "五级（不合格）", "Grade five (unqualified)", 0),
)
_NEVER = ("id", "section", "title", "points", "rule")  # of a row, not taken from the document that is replaced


class Defaults:
    """base: the document that is replaced, None for a new one."""

    def __init__(self, document: dict, around: Around, base: Mapping | None):
        self.document, self.around, self.base = document, around, base
        self.seen: dict[tuple[str, str], int] = {}
        self.rows = self.rows_of(base or {})

    @staticmethod
    def rows_of(document: Mapping) -> list[Mapping]:
        """The criteria of a document that may be of any shape."""
        rows = document.get("criterion", ())
        return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []

    def take(self, sheet: Sheet) -> None:
        """What a sheet that is not there would say."""
        if sheet is CRITERIA:
            return
        if self.base is None:
            if sheet is HEAD:
                self.document["classes"] = list(self.around.classes)
            if sheet is GRADES:
                self.document["grade"] = [
                    {"code": code, "title": title, "title_en": english, "from": low}
                    for code, title, english, low in GRADES_FILLED
                ]
            return
        if sheet is HEAD:
            parts = {key: each for key, each in self.base.items() if not isinstance(each, Mapping | list)}
            parts |= {key: self.base[key] for key in ("classes",) if key in self.base}
        else:
            keys = ("metric", "derived") if sheet.table == "metric" else (sheet.table,)
            parts = {key: self.base[key] for key in keys if key in self.base}
        for key, value in parts.items():
            self.document.setdefault(key, deepcopy(value))

    def section(self, title: str) -> str:
        """The code of a new section of this title."""
        rows = self.document.setdefault("section", [])
        number = 1
        while f"s{number}" in self.around.sections:
            number += 1
        rows.append({"code": f"s{number}", "title": title, "title_en": title})
        self.around.sections[f"s{number}"] = title
        return f"s{number}"

    def known_as(self, row: Mapping) -> Mapping:
        """The row of the document that is replaced with the same id or, without one, the same title; {} for none."""
        if "id" in row:
            return next((each for each in self.rows if each.get("id") == row["id"]), {})
        return next((each for each in self.rows if each.get("title") and each.get("title") == row.get("title")), {})

    def criterion(self, row: dict, old: Mapping, columns: Iterable[str]) -> None:
        """Fill in the id and the English title; what has no column stays as it was."""
        there = {*columns}
        for key, value in old.items():
            if key not in there and key not in _NEVER:
                row[key] = deepcopy(value)
        if "rule" not in row and "#shape" not in there and "rule" in old:
            row["rule"] = deepcopy(old["rule"])
        row.setdefault("id", old.get("id") or self._free())
        if "evidence" not in there:
            row.setdefault("evidence", "optional" if row.get("evidence_note") else "none")

    def named(self, row: dict) -> dict:
        """The row with an English title, and unit, where only the Chinese one is written."""
        for key in ("title", "unit"):
            if isinstance(row.get(key), str):
                row.setdefault(f"{key}_en", row[key])
        return row

    def _free(self) -> str:
        taken = {each.get("id") for each in (*self.rows, *self.document.get("criterion", ()))}
        number = len(self.document.get("criterion", ())) + 1
        while f"c{number}" in taken:
            number += 1
        return f"c{number}"

    def finish(self, sheets: Iterable[str]) -> None:
        """Leave out what only criteria that are gone needed, and sections that nothing is in any more."""
        if self.base is None:
            return
        if "指标" not in sheets:
            drop_unused(self.document, used(self.base))
        if SECTIONS.title not in sheets:
            self._drop_empty()

    def _drop_empty(self) -> None:
        rows = self.document.get("section", [])
        held = {each.get("section") for each in self.document.get("criterion", ())}
        for _ in rows:
            held |= {each.get("in") for each in rows if each.get("code") in held}
        self.document["section"] = [each for each in rows if each.get("code") in held]
