"""Metrics by name: those of the document, those of the indicator library, and new ones of the bureau's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from ..composing import bring
from ..library import Library
from .cells import Fault, folded, is_safe

LOCAL = "local."
_BREAKS = re.compile(r"[、,，;；=＝:：\n]")
_NEW = re.compile(r"(?:new|新增|新建|新)\s*[:：]\s*(.+)", re.IGNORECASE | re.DOTALL)
_UNIT = re.compile(r"(.+?)\s*[（(]([^（()）]*)[）)]\s*")
_KINDS = {
    "yes_no": ("是/否", "是否", "有/无", "有无", "yes/no"),
    "share": ("%", "%", "百分比"),
    "yuan": ("元",),
    "area": ("m²", "m2", "㎡", "平方米"),
    "date": ("日期", "年月日"),
}
_WITH_FRACTIONS = {"小时", "公里", "万元", "分", "年", "天", "吨", "倍", "比"}
_ENGLISH = {"人": "people", "次": "times", "起": "cases", "件": "items", "个": "items", "间": "rooms", "分": "points"}


class Names:
    """Metrics and derived metrics of a document by title; a code stands for itself."""

    def __init__(self, document: Mapping):
        self.titles = {code: table.get("title") for code, table in _tables(document)}

    def say(self, code: str) -> str:
        """The title where it names one metric alone and breaks no list, else the code."""
        title = self.titles.get(code)
        if not isinstance(title, str) or not is_safe(title) or _BREAKS.search(title) or _NEW.match(title):
            return code
        is_alone = list(self.titles.values()).count(title) == 1 and title not in self.titles
        return title if is_alone and not re.search(r"^[\d.,%-]+$|标准值|不限", title) else code

    def find(self, text: str) -> str:
        """The code of a code or title. Raises Fault."""
        if text in self.titles:
            return text
        found = [code for code, title in self.titles.items() if title == text]
        if len(found) == 1:
            return found[0]
        if found:
            raise Fault("metric_twice", value=text, codes="、".join(found))
        return self._beyond(text)

    def _beyond(self, text: str) -> str:
        raise Fault("metric", value=text, near=near(text, self.titles.values()))


class Finder(Names):
    """The same while a workbook is read: what the document lacks comes from the library, or is made.

    document  the document being made; metrics are put into it
    library   None: only what the document has
    hint      the kind of a new metric that says no unit, by the rule it stands in
    made      code of each metric put in -> where the cell stands that asked for it
    """

    def __init__(self, document: dict, library: Library | None):
        super().__init__(document)
        self.document, self.library = document, library
        self.hint = self.place = None
        self.made: dict[str, object] = {}

    def _beyond(self, text: str) -> str:
        new = _NEW.fullmatch(text)
        if new:
            return self._new(new[1].strip())
        for code, title in self._offered().items():
            if text in (code, title):
                return self._brought(code)
        known = (*self.titles.values(), *self._offered().values())
        raise Fault("metric", value=text, near=near(text, known))

    def norm(self, code: str) -> None:
        """See that a metric of the library comes with its norm."""
        if self.library and code not in self.document.get("norm", {}) and code in self.library.tables["norm"]:
            bring(self.library, self.document, code, norm=True)

    def _offered(self) -> dict[str, str]:
        if self.library is None:
            return {}
        tables = self.library.tables
        return {code: row["title"] for kind in ("metric", "derived") for code, row in tables[kind].items()}

    def _brought(self, code: str) -> str:
        before = {each for each, _ in _tables(self.document)}
        if not bring(self.library, self.document, code):
            raise Fault("metric_classes", value=code)
        for each, table in _tables(self.document):
            if each not in before:
                self._note(each, table)
        return code

    def _new(self, words: str) -> str:
        """The code of a metric of the bureau's own, made unless one of this title is there."""
        unit = _UNIT.fullmatch(words)
        title = (unit[1] if unit else words).strip()
        known = [code for code, each in self.titles.items() if each == title]
        if known:
            return known[0]
        table = _local(title, unit[2].strip() if unit else "", self.hint)
        code = self._free()
        self.document.setdefault("metric", {})[code] = table
        self._note(code, table)
        return code

    def _free(self) -> str:
        number = 1
        while f"{LOCAL}m{number}" in self.titles:
            number += 1
        return f"{LOCAL}m{number}"

    def _note(self, code: str, table: Mapping) -> None:
        self.titles[code] = table.get("title")
        self.made[code] = self.place


def near(text: str, names) -> str:
    """The nearest of some names, "" where none is near."""
    found = get_close_matches(text, [each for each in names if isinstance(each, str)], n=1, cutoff=0.5)
    return found[0] if found else ""


def _tables(document: Mapping):
    for kind in ("metric", "derived"):
        tables = document.get(kind)
        for code, table in tables.items() if isinstance(tables, Mapping) else ():
            if isinstance(table, Mapping):
                yield code, table


def _local(title: str, unit: str, hint: str | None) -> dict:
    """The table of a new metric. Raises Fault where its unit is not said and does not follow."""
    kind = next((kind for kind, words in _KINDS.items() if folded(unit) in map(folded, words)), None)
    kind = kind or (hint if not unit else None)
    words = {"title": title, "title_en": title}
    if kind in _KINDS:
        return {"kind": kind, **words}
    if not unit and kind is None:
        raise Fault("new_unit", value=title)
    unit = unit or "分"
    kind = "number" if unit in _WITH_FRACTIONS else "count"
    return {"kind": kind, **words, "unit": unit, "unit_en": _ENGLISH.get(unit, unit)}
