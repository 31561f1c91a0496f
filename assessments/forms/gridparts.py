"""What a grid of a draft is made of on its page: tables, rows and cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from ..scoring.book import layout
from ..scoring.book.layout import Sheet

TITLES = {
    "grade": (_("Grades"), _("The best one first; a rate from there on has it.")),
    "gate": (_("Gates"), _("Whoever does not meet one has no better grade than is named.")),
    "veto": (_("Vetoes"), _("Without a formula a person decides, with a reason and an approver.")),
    "year": (_("The year"), _("How the periods of a year make its result.")),
    "trigger": (_("What the history sets off"), _("Places held again and again.")),
    "coefficient": (_("Coefficients"), _("How hard it is, by class; a rule multiplies its points with it.")),
    "norm": (_("Norms"), _("What each class of station is held against.")),
    "check": (_("Cross-checks"), _("Figures that must fit one another; they never change a point.")),
}
MINOR = {"code", "title_en", "source_en", "applies_to", "source"}
UNTOLD = (".code", "_en")
TABLES = (layout.GRADES, layout.COEFFICIENTS, layout.NORMS)


@dataclass
class Field:
    """One cell on the page.

    offered  (value, words) of a drop-down
    near     (value, words) of a list of suggestions
    words    a formula with the names of its figures; "" for anything else, and while it cannot be read
    """

    name: str
    label: str
    text: str
    error: str = ""
    offered: list[tuple[str, str]] = field(default_factory=list)
    near: list[tuple[str, str]] = field(default_factory=list)
    otherwise: str = ""  # what holds while it is empty
    words: str = ""
    is_formula: bool = False
    is_number: bool = False
    is_long: bool = False
    is_minor: bool = False  # stands folded away below the others

    @property
    def id(self) -> str:
        return self.name.replace(".", "-").replace("#", "")

    @property
    def is_unknown(self) -> bool:
        """Whether what stands there is none of what is offered."""
        return bool(self.offered) and self.text not in (value for value, _words in self.offered)


@dataclass
class Line:
    """One row. `was` is its place in the document, "" for a new one; `problems`: what is wrong with it, in words."""

    number: int
    was: str
    fields: list[Field]
    problems: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(each.text for each in self.fields)

    @property
    def major(self) -> list[Field]:
        return [each for each in self.fields if not each.is_minor]

    @property
    def minor(self) -> list[Field]:
        return [each for each in self.fields if each.is_minor]

    @property
    def is_minor_wrong(self) -> bool:
        """Whether something folded away has to be looked at."""
        return any(each.error for each in self.minor)

    @property
    def minor_said(self) -> str:
        """What is folded away and says more than a code or a translation does."""
        telling = (each for each in self.minor if each.text and not each.name.endswith(UNTOLD))
        return " · ".join(f"{each.label} {each.text}" for each in telling)


@dataclass
class Grid:
    """One table on the page. `is_table`: its cells are short enough to stand beside each other."""

    sheet: Sheet
    heads: list[tuple[str, str]]
    lines: list[Line]

    @property
    def table(self) -> str:
        return self.sheet.table

    @property
    def is_table(self) -> bool:
        return self.sheet in TABLES

    @property
    def title(self) -> str:
        return TITLES[self.table][0]

    @property
    def lede(self) -> str:
        return TITLES[self.table][1]
