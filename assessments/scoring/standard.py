"""A standard: what is asked, what should be, what it is worth. Read from one TOML text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np

from . import checks
from .annual import Trigger, Year
from .conditions import Gate, Grade, VetoRule, shares_of
from .metrics import Derived, Metric
from .numbers import VOID, Worth
from .options import NORM, BySize, Coefficient
from .reading import StandardError
from .rules import Program, Rule

SUM, MEAN, GEOMETRIC, HARMONIC, MIN, MAX = MODES = ("sum", "mean", "geometric", "harmonic", "min", "max")
RATE_DECIMALS = 2  # of a rate in percent; what is stored and shown unless a standard says otherwise
WEIGHTED = (MEAN, GEOMETRIC, HARMONIC)
Dated = tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True)
class Criterion:
    """One item of the standard.

    full     points on offer in units of 10^-decimals; 0 for a bonus
    source   the document and clause it comes from
    na_mode  what not applicable does: "exclude", "full" or "zero"
    lever    the metric that somebody would move to win lost points, None to let the rule say
    metrics  every metric that is asked for it, derived ones resolved, in the order of the rule
    weight   what it counts inside a section that takes a mean
    continues  id of the criterion of an earlier edition that it goes on from, "" for the one of the same id
    """

    id: str
    title: str
    title_en: str
    full: int
    points: Decimal
    rule: Rule
    source: str
    source_en: str
    url: str
    evidence: str
    evidence_note: str
    evidence_note_en: str
    section: str
    dimension: str
    fixable_by: str
    tier: str
    applies_to: frozenset[str]
    na_mode: str
    lever: str | None
    metrics: tuple[str, ...]
    weight: Decimal = Decimal(1)
    continues: str = ""

    def applies(self, kind: str) -> bool:
        """Does it concern stations of this class?"""
        return not self.applies_to or kind in self.applies_to


@dataclass(frozen=True)
class Parent:
    """The edition of a superior bureau that a standard adds to: it may ask for more than that one, never for less."""

    code: str
    version: str
    digest: str


@dataclass(frozen=True)
class Section:
    """A heading of the paper. `criteria` are all below it, in paper order; `parent` is "" at the top.

    full    points it is worth, in units
    rollup  "sum" of points, or of the rates of what is directly in it a weighted "mean", "geometric" or "harmonic"
            mean, the "min" or the "max"
    weight  what it counts inside a section that takes a mean
    rate_decimals  its rate in percent is rounded to so many before the section above takes it; None: not rounded
    minimum_share  a station with a smaller share of applicable points in it is not ranked; 0 to 1
    floor, cap  the fewest and the most points, in units, that a sum of points comes to; None for no limit
    """

    code: str
    title: str
    title_en: str
    parent: str
    full: int
    criteria: tuple[Criterion, ...]
    rollup: str = SUM
    weight: Decimal = Decimal(1)
    rate_decimals: int | None = None
    minimum_share: Decimal = Decimal(0)
    floor: int | None = None
    cap: int | None = None

    @property
    def plain(self) -> bool:
        """Are its points those of what is in it, added up and no more?"""
        return self.rollup == SUM and self.floor is None and self.cap is None


@dataclass(frozen=True, eq=False)
class Standard:
    """One edition. Everything here is fixed once read."""

    code: str
    version: str
    title: str
    title_en: str
    in_force: date
    decimals: int
    rate_decimals: int
    minimum_share: Decimal
    classes: tuple[str, ...]
    metrics: Mapping[str, Metric]
    derived: Mapping[str, Derived]
    norms: Mapping[str, Mapping[str, Dated]]
    targets: Mapping[str, Dated]
    bests: Mapping[str, str]
    ranks: Mapping[str, str]
    coefficients: Mapping[str, Coefficient]
    sections: tuple[Section, ...]
    whole: Section
    criteria: tuple[Criterion, ...]
    grades: tuple[Grade, ...]
    gates: tuple[Gate, ...]
    vetoes: tuple[VetoRule, ...]
    checks: tuple[checks.Check, ...]
    year: Year | None
    triggers: tuple[Trigger, ...]
    parent: Parent | None
    text: str = field(repr=False)

    @classmethod
    def loads(cls, text: str, name: str = "standard.toml") -> Standard:
        """Read a standard. Raises StandardError with one line for each problem."""
        from .build import build  # the builder needs this class

        return build(cls, text, name)

    @classmethod
    def read(cls, path) -> Standard:
        """Read a standard from a file. Raises StandardError, and OSError where there is no file."""
        path = Path(path)
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            raise StandardError([f"{path.name}: the file is not UTF-8 text"]) from None
        return cls.loads(text, path.name)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text in UTF-8, hexadecimal."""
        return sha256(self.text.encode("utf-8")).hexdigest()

    @cached_property
    def dimensions(self) -> tuple[Section, ...]:
        """The top-level sections in paper order."""
        return tuple(section for section in self.sections if not section.parent)

    @cached_property
    def programs(self) -> tuple[Program, ...]:
        """The rules compiled, in the order of `criteria`."""
        programs = ((c.rule, c.rule.compile(self.worth(c))) for c in self.criteria)
        return tuple(_void_to_0(program) if rule.voids else program for rule, program in programs)

    @cached_property
    def sums_points(self) -> bool:
        """Is every section, and the whole, a plain sum of points?"""
        return all(section.plain for section in (self.whole, *self.sections))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column that a rule looks at."""
        return tuple(dict.fromkeys(column for criterion in self.criteria for column in criterion.rule.columns()))

    @cached_property
    def shares(self) -> tuple[Decimal | None, ...]:
        """For each grade the most of a group, 0 to 1, that may have it or a better one; None for no limit."""
        return shares_of(self.grades)

    @cached_property
    def conditional(self) -> tuple[str, ...]:
        """Metrics that gates and vetoes look at."""
        return tuple(dict.fromkeys(code for each in (*self.gates, *self.vetoes) for code in each.metrics))

    @cached_property
    def generic_checks(self) -> tuple[checks.Check, ...]:
        """Those that hold where the standard says none itself, see checks.generic."""
        return checks.generic(self)

    @property
    def decided_vetoes(self) -> tuple[VetoRule, ...]:
        """The vetoes that a person decides."""
        return tuple(veto for veto in self.vetoes if veto.is_decided)

    def looked_at(self, suffix: str) -> tuple[str, ...]:
        """Metrics that some rule looks at as `metric + suffix`."""
        return tuple(column.removesuffix(suffix) for column in self.columns if column.endswith(suffix))

    def sizes(self, column: str) -> tuple[str, ...]:
        """Metrics that a norm column goes by; none for other columns and for norms by class alone."""
        return sizes_of(self.norms, column)

    @cached_property
    def _by_id(self) -> dict[str, int]:
        return {criterion.id: j for j, criterion in enumerate(self.criteria)}

    @property
    def full(self) -> int:
        """Points on offer to a station that everything applies to, in units."""
        return self.whole.full

    def criterion(self, id: str) -> Criterion:
        """Raises KeyError when there is no such criterion."""
        return self.criteria[self._by_id[id]]

    def place(self, id: str) -> int:
        """Column of a criterion in Scores. Raises KeyError."""
        return self._by_id[id]

    def rate_decimals_of(self, section: Section) -> int:
        """Decimals that the rate of a section is told with: its own, otherwise those of the standard."""
        return self.rate_decimals if section.rate_decimals is None else section.rate_decimals

    def worth(self, criterion: Criterion) -> Worth:
        return Worth(criterion.points, self.decimals, criterion.na_mode)

    def named(self, code: str) -> Metric | Derived:
        """A metric or derived metric. Raises KeyError."""
        return self.metrics[code] if code in self.metrics else self.derived[code]

    def metrics_of(self, dimension: str) -> tuple[Metric, ...]:
        """Metrics asked on the page of a top-level section, in order of first use."""
        return tuple(metric for metric in self._asked if metric.dimension == dimension)

    @cached_property
    def _asked(self) -> tuple[Metric, ...]:
        codes = dict.fromkeys(code for criterion in self.criteria for code in criterion.metrics)
        return tuple(self.metrics[code] for code in (*codes, *(c for c in self.metrics if c not in codes)))

    def points(self, units: int) -> Decimal:
        """Units as points, with the standard's decimals."""
        return Decimal(int(units)).scaleb(-self.decimals)

    def grade_of(self, rate_hundredths: int) -> Grade | None:
        """The grade of a stored rate (hundredths of a percent); None under the lowest."""
        return self.grade_at(Decimal(int(rate_hundredths)) / 100)

    def grade_at(self, rate: Decimal) -> Grade | None:
        """The grade of a rounded rate in percent; None under the lowest."""
        reached = [grade for grade in self.grades if rate >= grade.low]
        return max(reached, key=lambda grade: grade.low, default=None)


def sizes_of(norms: Mapping, column: str) -> tuple[str, ...]:
    """See Standard.sizes."""
    if not column.endswith(NORM):
        return ()
    by_class = norms.get(column.removesuffix(NORM), {})
    found = [value.by for steps in by_class.values() for _, value in steps if isinstance(value, BySize)]
    return tuple(dict.fromkeys(found))


def _void_to_0(program: Program) -> Program:
    """A program whose criterion may be brought to 0 by one of its parts."""

    def points(block, out):
        offer = program(block, out)
        np.copyto(out, 0.0, where=out == VOID)
        return offer

    return points
