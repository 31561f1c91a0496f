"""The document of a standard as people read it: names instead of codes, numbers with units, criteria by number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from . import formula
from .differencewords import CHOICES, PHRASES
from .gradewords import JOINED
from .options import NORM
from .reading import is_number
from .tomltext import inline
from .wording import CHINESE, singular

_BARE = re.compile(r"[\w.%≥≤-]", re.ASCII)
_LOOSE = re.compile(r" (?=$|[，；：。）”])")
UNITS = {"share": "%", "yuan": ("元", "yuan"), "area": "m²"}


@dataclass(frozen=True)
class Paper:
    """One parsed document in one language. `classes`: class code -> its name; a code without one stands for itself."""

    document: Mapping
    lang: str = CHINESE
    classes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def chinese(self) -> bool:
        return self.lang.lower().startswith("zh")

    def __call__(self, key: str, **words) -> str:
        text = self.pick(*PHRASES[key])
        if self.chinese:
            figures = [name for name in ("old", "new") if name in words and f"“{{{name}" not in text]
            words |= {name: _spaced(words[name]) for name in figures}
        return _LOOSE.sub("", text.format(**words))

    def pick(self, chinese: str, english: str) -> str:
        return chinese if self.chinese or not english else english

    def title(self, row: Mapping) -> str:
        """The title of a table in the reader's language, else its code."""
        titles = self.pick(row.get("title", ""), row.get("title_en", ""))
        return str(titles or row.get("code") or row.get("id") or "?")

    @cached_property
    def named(self) -> dict[str, Mapping]:
        """Metrics and derived values by code."""
        return {**self.document.get("metric", {}), **self.document.get("derived", {})}

    def name(self, code: str) -> str:
        """A metric by its short name; "x@norm" as the norm of x."""
        if code.endswith(NORM):
            return self("norm_of", name=self.name(code.removesuffix(NORM)))
        row = self.named.get(code)
        if row is None:
            return code
        return self.pick(row.get("short") or row.get("title", code), row.get("short_en") or row.get("title_en", ""))

    def of(self, list_: str, code: str) -> str:
        """The title of a row of a list of tables, its code where there is none."""
        key = "id" if list_ == "criterion" else "code"
        return next((self.title(row) for row in self.document.get(list_, ()) if row.get(key) == code), code)

    def kind(self, code: str) -> str:
        """A station class by name."""
        return self("other_classes") if code == "default" else self.classes.get(code, code)

    def number(self, value) -> str:
        """Exactly as it is written, with commas: two standards may differ in any decimal."""
        return f"{Decimal(value).normalize():,f}" if is_number(value) else str(value)

    def points(self, value) -> str:
        return self("point" if value == 1 else "points", n=self.number(value))

    def value(self, code: str, value) -> str:
        """A number with the unit of a metric."""
        row = self.named.get(code, {})
        if row.get("kind") == "yes_no" and value in (0, 1):
            return self("yes" if value else "no")
        unit = UNITS.get(row.get("kind", ""), self.pick(row.get("unit", ""), row.get("unit_en", "")))
        unit = self.pick(*unit) if isinstance(unit, tuple) else unit
        if not self.chinese and value == 1:
            unit = singular(unit)
        return f"{self.number(value)}{'' if unit in ('', '%') else ' '}{unit}"

    def choice(self, key: str, value: str) -> str:
        pair = CHOICES.get((key, value)) or CHOICES.get(value)
        return self.pick(*pair) if pair else value

    def formula(self, text: str) -> str:
        """A formula with names in place of codes."""
        try:
            return formula.written(formula.parse(text), self.name, JOINED[0 if self.chinese else 1])
        except formula.FormulaError:
            return text

    def plain(self, value) -> str:
        """Any value of a document."""
        if isinstance(value, bool):
            return self("yes" if value else "no")
        if is_number(value):
            return self.number(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str):
            return value
        if isinstance(value, list) and not any(isinstance(each, Mapping | list) for each in value):
            return self.items(map(self.plain, value)) or self("empty")
        return inline(value)

    def items(self, texts: Iterable[str]) -> str:
        return ("、" if self.chinese else ", ").join(texts)

    def clauses(self, texts: Iterable[str]) -> str:
        return ("；" if self.chinese else "; ").join(texts)

    @cached_property
    def numbers(self) -> dict[str, str]:
        """Criterion id -> its number on the paper, "3.2": dimension, then place in it."""
        tops = [row.get("code") for row in self.document.get("section", ()) if not row.get("in")]
        counted, found = dict.fromkeys(tops, 0), {}
        for row in self.document.get("criterion", ()):
            top = self.top(row.get("section"))
            if top in counted:
                counted[top] += 1
                found[row.get("id", "")] = f"{tops.index(top) + 1}.{counted[top]}"
        return found

    def top(self, code: str | None) -> str | None:
        """The dimension that a section is in."""
        above = {row.get("code"): row.get("in") for row in self.document.get("section", ())}
        for _ in above:
            code = above.get(code) or code
        return code


def _spaced(word: str) -> str:
    """A word among Chinese characters: figures and letters stand a space apart from them."""
    if not word or not isinstance(word, str):
        return word
    before, after = (" " if _BARE.match(word[at]) else "" for at in (0, -1))
    return f"{before}{word}{after}"
