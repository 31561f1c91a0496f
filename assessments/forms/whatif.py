"""The figures of a standard as fields to be typed over, and what was typed as changes of that standard.

A field shows what stands in the standard's text. Only what differs from that becomes a change, so that a page
that is sent back as it came changes nothing.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from stations.models import StationClass
from stationstd.i18n import local
from stationstd.keys import unclear

from ..layered import language
from ..scoring import scenario, tomltext, tomlwords
from ..scoring import typed as numbers
from ..scoring.reading import is_number, toml
from ..scoring.scenario import Change, Dropped, GradeBound, MinimumShare, Norm, OtherRule, Points, Weight

_LONGEST_RULE = 20_000
_MOST_FIELDS = 450  # fewer than a request may carry; a standard with more shows its rules on no page


@dataclass
class Field:
    """One figure. `now` is what the standard says, `typed` what a person wants, `wrong` why that cannot be."""

    name: str
    label: str
    now: str
    typed: str
    wrong: str = ""

    @property
    def is_changed(self) -> bool:
        return self.typed.strip() != self.now.strip()


@dataclass
class CriterionFields:
    """One criterion as the page shows it; `weight` and `rule` may be missing."""

    id: str
    title: str
    points: Field
    weight: Field | None
    rule: Field | None
    drop: str
    is_dropped: bool

    @property
    def is_changed(self) -> bool:
        fields = (self.points, self.weight, self.rule)
        return self.is_dropped or any(each.is_changed for each in fields if each)


@dataclass
class SectionFields:
    """A section with the criteria directly in it."""

    title: str
    weight: Field | None
    criteria: list[CriterionFields]


@dataclass
class NormFields:
    """A norm, one field for each of the page's columns."""

    title: str
    unit: str
    fields: list[Field]


@dataclass
class Proposal:
    """A standard's text, what was typed over it, and the changes that come of it.

    said      the difference in words: (what, old, new), new "" where it is left out
    problems  one line for each field that cannot be read
    """

    keys: ClassVar = ("points:*", "weight:*", "rule:*", "drop:*", "norm:*", "grade:*", "minimum_share")
    text: str
    data: Mapping[str, str]
    changes: list[Change] = field(default_factory=list)
    said: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.document = scenario.parsed(self.text)
        self._classes = [*self.document["classes"], "default"]
        self.sections = [self._section(row) for row in self.document["section"]]
        self.class_names = self._class_names()
        self.norms = [self._norm(code, by) for code, by in self.document.get("norm", {}).items()]
        self.grades = [self._grade(row) for row in self.document.get("grade", ())]
        self.minimum = self._minimum()

    def require_known(self) -> None:
        """Refused (400) for a figure that this standard does not have."""
        known = {each.name for each in self.all_fields()}
        known |= {each.drop for section in self.sections for each in section.criteria}
        if any(key not in known for key in self.data if ":" in key):
            raise unclear()

    def new_text(self) -> str:
        """The text of the standard with the changes. Raises StandardError."""
        return scenario.text_of(self.text, self.changes)

    # -- fields ------------------------------------------------------------------------------

    def _field(self, name: str, label: str, now: str) -> Field:
        return Field(name, label, now, self.data.get(name, now).replace("\r\n", "\n"))

    def _section(self, row: Mapping) -> SectionFields:
        own = [each for each in self.document["criterion"] if each["section"] == row["code"]]
        weight = None
        if self._takes_mean(row.get("in")):
            weight = self._weight("section", row["code"], row)
        return SectionFields(_title(row), weight, [self._criterion(each) for each in own])

    def _criterion(self, row: Mapping) -> CriterionFields:
        id, title = row["id"], _title(row)
        drop = f"drop:{id}"
        points = self._field(f"points:{id}", _("Points of “%(name)s”") % {"name": title}, _plain(row["points"]))
        rule = None
        if self._has_room:
            rule = self._field(f"rule:{id}", _("Rule of “%(name)s”") % {"name": title}, scenario.rule_text(row))
        weight = self._weight("criterion", id, row) if self._takes_mean(row["section"]) else None
        found = CriterionFields(id, title, points, weight, rule, drop, drop in self.data)
        if found.is_dropped:
            self._add(Dropped(id), _("Criterion “%(name)s”") % {"name": title}, points.now, "")
            return found
        if rule:
            self._take(rule, _rule, lambda _value: OtherRule(id, rule.typed))
        alone = not rule or not rule.is_changed
        self._take(points, _number, lambda value: Points(id, value, with_rule=alone))
        return found

    def _weight(self, kind: str, code: str, row: Mapping) -> Field:
        label = _("Weight of “%(name)s”") % {"name": _title(row)}
        found = self._field(f"weight:{kind}:{code}", label, _plain(row.get("weight", 1)))
        self._take(found, _number, lambda value: Weight(kind, code, value))
        return found

    def _takes_mean(self, code: str | None) -> bool:
        sections = {row["code"]: row for row in self.document["section"]}
        return sections.get(code, self.document).get("rollup", "sum") != "sum"

    @property
    def _has_room(self) -> bool:
        norms = len(self.document.get("norm", {})) * len(self._classes)
        return 3 * len(self.document["criterion"]) + norms + len(self.document["section"]) < _MOST_FIELDS

    def _norm(self, code: str, by: Mapping) -> NormFields:
        named = {**self.document["metric"], **self.document.get("derived", {})}.get(code, {"title": code})
        return NormFields(_title(named), _unit(named), [self._norm_field(code, by, kind) for kind in self._classes])

    def _norm_field(self, code: str, by: Mapping, kind: str) -> Field:
        named = {**self.document["metric"], **self.document.get("derived", {})}.get(code, {"title": code})
        words = {"name": _title(named), "class": self.class_names[self._classes.index(kind)]}
        label = _("Norm of “%(name)s”, %(class)s") % words
        found = self._field(f"norm:{code}:{kind}", label, tomltext.inline(by[kind]) if kind in by else "")
        self._take(found, _value, lambda value: Norm(code, kind, value))
        return found

    def _class_names(self) -> list[str]:
        names = {kind.code: local(kind, "name") for kind in StationClass.objects.all()}
        return [names.get(code, code) for code in self.document["classes"]] + [_("other classes")]

    def _grade(self, row: Mapping) -> Field:
        label = f"{_('Lower bound of “%(name)s”') % {'name': _title(row)}} (%)"
        found = self._field(f"grade:{row['code']}", label, _plain(row["from"]))
        self._take(found, _number, lambda value: GradeBound(row["code"], value))
        return found

    def _minimum(self) -> Field:
        now = Decimal(self.document.get("minimum_share", "0.6")) * 100
        found = self._field("minimum_share", f"{_('Least share of applicable points')} (%)", _plain(now))
        self._take(found, _number, lambda value: MinimumShare(value / 100))
        return found

    # -- what was typed ----------------------------------------------------------------------

    def _take(self, found: Field, read: Callable, change: Callable[[object], Change]) -> None:
        """The change that a field asks for; none where it says what stands there already."""
        if not found.is_changed:
            return
        try:
            wanted = read(found.typed)
        except ValueError as error:
            self._refuse(found, str(error))
            return
        if wanted != (read(found.now) if found.now else None):
            self._add(change(wanted), found.label, found.now, found.typed.strip())

    def _refuse(self, found: Field, why: str) -> None:
        found.wrong = why
        self.problems.append(f"{found.label}: {why}")

    def _add(self, change: Change, *words: str) -> None:
        self.changes.append(change)
        self.said.append(words)

    def all_fields(self) -> Iterator[Field]:
        """Every field, in the order of the page."""
        for section in self.sections:
            yield from filter(None, [section.weight])
            for each in section.criteria:
                yield from filter(None, [each.points, each.weight, each.rule])
        for norm in self.norms:
            yield from norm.fields
        yield from self.grades
        yield self.minimum


def _number(typed: str) -> Decimal:
    """Raises ValueError in the reader's language."""
    words = _("“%(value)s” is not a number. Type digits only.") % {"value": typed.strip()[:60]}
    try:
        number = numbers.number(typed)
    except ValueError:
        raise ValueError(words) from None
    if not is_number(number):
        raise ValueError(_("This number is too large. Check the digits."))
    return number


def _rule(typed: str) -> dict:
    """A rule as the standard's text writes it. Raises ValueError with the line that cannot be read."""
    if len(typed) > _LONGEST_RULE:
        raise ValueError(_("This text is too long."))
    try:
        return toml(typed)
    except ValueError as error:
        what = tomlwords.told(str(error), language())
        raise ValueError(_("This is not written as in the standard: %(error)s") % {"error": what}) from error


def _value(typed: str):
    """A norm as the standard's text writes it, None for a blank. Raises ValueError."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return None
    if len(text) > _LONGEST_RULE:
        raise ValueError(_("This text is too long."))
    try:
        found = toml(f"value = {text}")
    except ValueError as error:
        raise ValueError(
            _("“%(value)s” is no norm: type a number, or a list as in the standard.") % {"value": text[:60]}
        ) from error
    if list(found) != ["value"]:
        raise ValueError(_("Type one value only."))
    return found["value"]


def _plain(number) -> str:
    """A number without zeros at its end: 2.50 is "2.5", 1E+2 is "100"."""
    return f"{Decimal(number).normalize():f}"


def _title(row: Mapping) -> str:
    return (language() == "en" and row.get("title_en")) or row["title"]


def _unit(row: Mapping) -> str:
    return (language() == "en" and row.get("unit_en")) or row.get("unit", "")
