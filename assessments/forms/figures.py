"""The metrics and derived values of a draft as people choose them: by title, with the code behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from django.utils.translation import gettext as _

from ..layered import language
from ..scoring import editing, formula
from ..scoring.differencewords import CHOICES
from ..scoring.metrics import BOUNDS

BETWEEN = " · "  # title · code
LOCAL = "local."  # codes of a bureau's own figures begin so


@dataclass(frozen=True)
class Figure:
    """A metric or a derived value of a document; `row` is its table."""

    code: str
    row: Mapping
    is_derived: bool

    @property
    def title(self) -> str:
        return str(_local(self.row, "title") or self.code)

    @property
    def unit(self) -> str:
        return str(_local(self.row, "unit") or "")

    @property
    def kind_words(self) -> str:
        kind = self.row.get("kind", "number")
        words = CHOICES.get(kind, (kind, kind))
        return words[1 if language() == "en" else 0]

    @property
    def bounds(self) -> str:
        """The bounds that a fact must keep: 0–100, ≥ 0; "" where its kind says them."""
        if self.row.get("kind") in ("yes_no", "date"):
            return ""
        usual = BOUNDS.get(self.row.get("kind"), (0, None))
        low, high = (self.row.get(key, default) for key, default in zip(("low", "high"), usual, strict=True))
        return f"≥ {_shown(low)}" if high is None else f"{_shown(low)}–{_shown(high)}"

    @property
    def shown(self) -> str:
        return f"{self.title}{BETWEEN}{self.code}"


class Figures:
    """Every figure of a document, in its order. No query."""

    def __init__(self, document: Mapping):
        self.document = document
        self.by_code = {each.code: each for each in _figures(document)}
        titles = [(str(each.row.get(key, "")).strip(), code) for code, each in self.by_code.items() for key in _NAMED]
        codes: dict[str, set[str]] = {}
        for title, code in titles:
            codes.setdefault(title, set()).add(code)
        self._by_title = {title: next(iter(found)) for title, found in codes.items() if title and len(found) == 1}

    def __iter__(self):
        return iter(self.by_code.values())

    def code_of(self, text: str) -> str | None:
        """The code of what was typed or chosen: a code, "title · code", or a title that only one figure has."""
        text = text.strip()
        for found in (text, text.rpartition(BETWEEN.strip())[2].strip(), self._by_title.get(text)):
            if found in self.by_code:
                return found
        return None

    def shown(self, text: str) -> str:
        """What a field shows for what was typed: title and code where it is a figure."""
        code = self.code_of(text)
        return self.by_code[code].shown if code else text

    def near(self, text: str) -> str:
        """A hint at the figure that was meant; "" where none is near."""
        names = {each.title: each for each in self} | self.by_code
        near = get_close_matches(text.strip(), names, n=1)
        return _(" Did you mean “%(name)s”?") % {"name": names[near[0]].shown} if near else ""

    def used_by(self) -> dict[str, list[tuple[str, str]]]:
        """code -> (id, title) of the criteria whose rules rest on it, derived values resolved."""
        found: dict[str, list[tuple[str, str]]] = {code: [] for code in self.by_code}
        for row in rows(self.document, "criterion"):
            alone = dict(self.document) | {"criterion": [row], "gate": [], "veto": []}
            for code in editing.used(alone) & set(found):
                found[code].append((str(row.get("id", "")), str(_local(row, "title") or row.get("id", "?"))))
        return found

    def needed(self) -> set[str]:
        """Codes that a rule, a condition, a formula or another figure's norm rests on."""
        norms = {"rule": list(tables(self.document, "norm").values())}
        found = editing.used(dict(self.document) | {"criterion": [*rows(self.document, "criterion"), norms]})
        return found.union(*(uses_of(self, code) for code in self.by_code))

    def next_code(self) -> str:
        """A code for a new figure of the bureau's own: local.n1, local.n2 …"""
        number = 1
        while f"{LOCAL}n{number}" in self.by_code:
            number += 1
        return f"{LOCAL}n{number}"


_NAMED = ("title", "title_en", "short", "short_en")


def _shown(number) -> str:
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}" if isinstance(number, int) else str(number)


def rows(document: Mapping, name: str) -> list[Mapping]:
    """The tables of a list of tables that are tables."""
    found = document.get(name, ())
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def tables(document: Mapping, name: str) -> dict[str, Mapping]:
    """The tables of a table of tables that are tables."""
    found = document.get(name, {})
    return {key: row for key, row in found.items() if isinstance(row, Mapping)} if isinstance(found, Mapping) else {}


def local(row: Mapping, key: str) -> str:
    """A text of a table in the reader's language."""
    return str(_local(row, key) or "")


def uses_of(figures: Figures, code: str) -> tuple[str, ...]:
    """Codes that stand in the formula of a figure; none of a metric or while the formula cannot be read."""
    each = figures.by_code.get(code)
    try:
        return formula.metrics_in(formula.parse(str(each.row.get("formula", "")))) if each and each.is_derived else ()
    except formula.FormulaError:
        return ()


def no_figure(figures: Figures, text: str) -> str:
    """What to say of a name that no figure of the draft has."""
    words = {"value": text.strip()[:60], "near": figures.near(text)}
    return _("There is no figure “%(value)s”.%(near)s Choose one of the list, or make a new one.") % words


def _figures(document: Mapping) -> Iterable[Figure]:
    for name in ("metric", "derived"):
        for code, row in tables(document, name).items():
            yield Figure(code, row, name == "derived")


def _local(row: Mapping, key: str):
    return (language() == "en" and row.get(f"{key}_en")) or row.get(key)
