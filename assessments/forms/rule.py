"""The form of a rule: what stands in its fields and what is wrong with it.

Its boxes, as a page shows them, are in ruleboxes.py. Nothing is read from the database and nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from stationstd.keys import unclear

from ..layered import language
from ..scoring import rulefields, tomltext, tomlwords
from ..scoring.reading import toml
from ..scoring.rulefields import ROOT
from ..scoring.rulereading import Fault, read
from .figures import Figures, no_figure
from .ruleboxes import Boxes, Node, names

AS_TEXT, TEXT = "rule_as_text", "rule_text"
_LONGEST_TEXT = 20_000  # characters of a rule
_STILL_MISSING = {"missing", "shape", "parts"}
_ACTS = {"remove", "up", "down"}


@dataclass
class RuleForm:
    """fields   what stands in the fields, as typed
    figures  the metrics and derived values of the draft
    classes  class code -> its name
    coefficients  code -> its title
    is_text  the rule is taken from its text, `text`
    blank    the list that gets one more row
    """

    fields: dict[str, str]
    figures: Figures
    classes: Mapping[str, str]
    coefficients: Mapping[str, str]
    text: str = ""
    is_text: bool = False
    blank: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rule, figures: Figures, classes, coefficients) -> "RuleForm":
        """The form of a rule as it stands in a document; as text where it has no fields."""
        form = cls({}, figures, classes, coefficients)
        if rule is None:
            return form
        form.text = "\n".join(tomltext.pairs(rule)) if isinstance(rule, Mapping) else ""
        try:
            form.fields = rulefields.fields_of(rule)
        except rulefields.NotFields:
            form.is_text = True
        return form

    @classmethod
    def typed(cls, data: Mapping[str, str], figures: Figures, classes, coefficients) -> "RuleForm":
        """The form as it was posted. Refused (400) for a field that no rule has."""
        fields = {name: text for name, text in data.items() if name.startswith(f"{ROOT}.")}
        if not all(map(rulefields.is_field, fields)):
            raise unclear()
        is_text = data.get(AS_TEXT) == "on"
        return cls(
            fields, figures, classes, coefficients, text=data.get(TEXT, "").replace("\r\n", "\n"), is_text=is_text
        )

    def act(self, said: str) -> None:
        """Do to the rows what a button says: "add rule.items", "remove rule.items.2", "up …", "down …"."""
        verb, _space, name = said.partition(" ")
        if verb == "add":
            self.blank = name
            return
        list_, _dot, place = name.rpartition(".")
        if verb not in _ACTS or not place.isdecimal():
            raise unclear()
        if verb == "remove":
            self.fields = rulefields.without(self.fields, list_, int(place))
        else:
            other = int(place) + (1 if verb == "down" else -1)
            self.fields = rulefields.swapped(self.fields, list_, int(place), other)

    def read(self, *, unfinished: bool = False) -> dict | None:
        """The rule that is said; None after noting what is wrong. `unfinished`: what is still missing is not noted."""
        if self.is_text:
            return self._from_text()
        rule, faults = read(self.fields, self.figures.code_of)
        for fault in faults:
            if unfinished and fault.key in _STILL_MISSING:
                continue
            self.note(fault.field, _told(fault, self.figures))
        return None if faults else rule

    def _from_text(self) -> dict | None:
        if len(self.text) > _LONGEST_TEXT:
            self.note(TEXT, _("This text is too long."))
            return None
        try:
            return toml(self.text)
        except ValueError as error:
            what = tomlwords.told(str(error), language())
            self.note(TEXT, _("This is not written as in the standard: %(error)s") % {"error": what})
            return None

    def note(self, name: str, what: str) -> None:
        """Something is wrong with a field; of a rule that is text, with the text."""
        name = TEXT if self.is_text else name
        if what not in self.errors.setdefault(name, []):
            self.errors[name].append(what)

    def error(self, name: str) -> str:
        return " ".join(self.errors.get(name, ()))

    @property
    def text_error(self) -> str:
        return self.error(TEXT)

    # -- what a page shows -------------------------------------------------------------------

    @cached_property
    def root(self) -> Node:
        return Boxes(self).node(ROOT, 0)

    @property
    def leftovers(self) -> list[tuple[str, str]]:
        """Fields of shapes that are not chosen: kept, so that choosing them again finds them."""
        shown = set(names(self.root))
        return [(name, text) for name, text in self.fields.items() if text and name not in shown]

    @property
    def unplaced(self) -> list[str]:
        """What is wrong with fields that are not shown."""
        shown = {*names(self.root), TEXT}
        return [text for name, texts in self.errors.items() if name not in shown for text in texts]


def _told(fault: Fault, figures: Figures) -> str:
    """What is wrong, in the reader's language."""
    given = fault.given
    words = {
        "missing": _("Fill this in."),
        "number": _("“%(value)s” is not a number. Type digits only."),
        "metric": no_figure(figures, given.get("value", "")),
        "both": _("Type a number or tick the box, not both."),
        "choice": _("Choose one of the list."),
        "twice": _("This is there twice."),
        "date": _("“%(value)s” is no date such as 2026-01-31."),
        "shape": _("Choose how points are given."),
        "deep": _("Parts inside parts cannot go deeper."),
        "parts": _("At least two parts are needed."),
    }
    return words[fault.key] % given if given and fault.key != "metric" else words[fault.key]
