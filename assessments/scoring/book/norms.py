"""A norm or coefficient of one class in one cell.

30
按常住人口：0→5、30000→8
2025-01-01起4；2027-01-01起按常住人口：0→4、10000→5
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..reading import is_day, is_number, toml
from ..tomltext import inline
from .cells import Cell, Fault, Kind, Unwritable, day, is_safe, number, plain, same
from .rules import MARK
from .words import BY
from .words import FROM as FROM_WORD

_DATED = re.compile(rf"([\d年月日./-]+?)\s*{FROM_WORD}\s*(.+)", re.DOTALL)
_SIZED = re.compile(rf"{BY}\s*(.+?)\s*[:：]\s*(.+)", re.DOTALL)


class Norm(Kind):
    """What one class is held against."""

    def write(self, value, around) -> Cell:
        if is_number(value):
            return value
        try:
            text = self._grammar(value, around)
            if is_safe(text) and same(self.read(text, around), value):
                return text
        except (Unwritable, Fault, KeyError, TypeError, ValueError, AttributeError):
            text = None  # no value of a norm: TOML says what it is
        return f"{MARK}\nvalue = {inline(value)}"

    def _grammar(self, value, around) -> str:
        if isinstance(value, list):
            return "；".join(self._dated(each, around) for each in value)
        return self._one(value, around)

    def _dated(self, each: Mapping, around) -> str:
        if not is_day(each["from"]):
            raise Unwritable
        what = {key: value for key, value in each.items() if key != "from"}
        return each["from"].isoformat() + FROM_WORD + self._one(what["value"] if "value" in what else what, around)

    def _one(self, value, around) -> str:
        if is_number(value):
            return plain(value)
        rows = "、".join(f"{plain(bound)}→{plain(gives)}" for bound, gives in value["table"])
        return f"{BY}{around.metrics.say(value['by'])}：{rows}"

    def read(self, cell, around):
        text = plain(cell)
        if text.startswith(MARK):
            try:
                return toml(text)["value"]
            except (ValueError, KeyError) as error:
                raise Fault("toml", why=str(error)) from error
        parts = [_DATED.fullmatch(each.strip()) for each in re.split("[；;\n]+", text) if each.strip()]
        if parts and all(parts):
            return [{"from": day(each[1]), **self._dated_value(each[2], around)} for each in parts]
        return self._read_one(cell, text, around)

    def _dated_value(self, text: str, around) -> dict:
        value = self._read_one(text, text, around)
        return value if isinstance(value, dict) else {"value": value}

    def _read_one(self, cell, text: str, around):
        sized = _SIZED.fullmatch(text)
        if not sized:
            try:
                return number(cell)
            except Fault as error:
                raise Fault("norm") from error
        rows = [re.fullmatch(r"(.+?)\s*(?:→|->|:|：)\s*(.+)", each.strip()) for each in re.split("[、,，]", sized[2])]
        if not all(rows):
            raise Fault("norm")
        return {"by": around.metrics.find(sized[1]), "table": [[number(row[1]), number(row[2])] for row in rows]}
