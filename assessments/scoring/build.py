"""From TOML text to a Standard, noting every problem on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from . import forbidden
from .annual import read_triggers, read_year
from .checks import read_checks
from .conditions import Grade, Known, read_gates, read_grades, read_vetoes
from .headings import Headings, read_rate_decimals, read_share
from .metrics import FIXERS, Derived, Metric, in_order, read_classes, read_derived, read_metric
from .norms import DEFAULT, read_coefficients, read_norms
from .numbers import LARGEST, Worth, whole_units
from .options import BEST, NORM, RANK, Scope, read_rule
from .reading import Problems, StandardError, Table, toml
from .rules import RULES, WRAPPERS
from .standard import RATE_DECIMALS, SUM, Criterion, Parent, Standard, sizes_of

EVIDENCE = ("none", "optional", "required")
TIERS = ("bottom_line", "basic", "high_line")
NA_MODES = ("exclude", "full", "zero")
CRITERIA_LIMIT = 30  # Shandong 2017 allows a station assessment 30 indicators
FINEST = 6  # decimals of points
LARGEST_STANDARD = 1_000_000  # characters; the text is stored with every period


def build(cls: type[Standard], text: str, name: str) -> Standard:
    """See Standard.loads."""
    problems = Problems(name)
    text = text.removeprefix("\ufeff")  # editors on Windows put a mark in front
    head = Table(_parsed(text, problems), "", problems)
    standard = _Builder(head, problems).standard(cls, text)
    problems.raise_any()
    return standard


def _parsed(text: str, problems: Problems) -> dict:
    if len(text) > LARGEST_STANDARD:
        problems.add("", f"longer than {LARGEST_STANDARD:,} characters")
        problems.raise_any()
    try:
        return toml(text)
    except ValueError as error:
        raise StandardError([f"{problems.file}: no TOML: {error}"]) from None


class _Builder:
    def __init__(self, head: Table, problems: Problems):
        self.head, self.problems = head, problems

    def standard(self, cls: type[Standard], text: str) -> Standard:
        """The standard; only whole when no problem was noted."""
        head = self._head()
        self.headings = Headings(self.head, self.problems, self.decimals)
        self._metrics()
        self.norms = read_norms(self.head.table("norm", {}), (*self.metrics, *self.derived), self.classes)
        self.coefficients = read_coefficients(self.head.table("coefficient", {}), self.classes)
        self.criteria = self._criteria()
        grades = read_grades(self.head)
        known = self._known(grades)
        gates, vetoes = read_gates(self.head, known), read_vetoes(self.head, known)
        checks = read_checks(self.head, known)
        year, triggers = read_year(self.head, self.headings.worth("", self.criteria)), read_triggers(self.head)
        parent = _parent(self.head)
        self.head.finish()
        self.headings.settle(self.criteria)
        return cls(
            **head,
            decimals=self.decimals,
            classes=self.classes,
            metrics=self._at_home(),
            derived=self.derived,
            norms=self.norms,
            targets=self.scope.dated,
            bests=self.scope.compared[BEST],
            ranks=self.scope.compared[RANK],
            coefficients=self.coefficients,
            sections=self.headings.sections(self.criteria),
            whole=self.headings.whole(self.criteria),
            criteria=tuple(self.criteria),
            grades=grades,
            gates=gates,
            vetoes=vetoes,
            checks=checks,
            year=year,
            triggers=triggers,
            parent=parent,
            text=text,
        )

    def _head(self) -> dict:
        head = self.head
        usual = FINEST if _takes_rates(head) else 2
        self.decimals = head.whole("decimals", usual)
        if not 0 <= self.decimals <= FINEST:
            head.note("decimals", f"must be 0 to {FINEST}, not {self.decimals}")
            self.decimals = usual
        self.classes = head.texts("classes")
        self.limit = head.whole("criteria_limit", CRITERIA_LIMIT)
        return {
            "code": head.text("code"),
            "version": head.text("version"),
            "title": head.text("title"),
            "title_en": head.text("title_en"),
            "in_force": head.day("in_force"),
            "rate_decimals": read_rate_decimals(head, RATE_DECIMALS),
            "minimum_share": read_share(head, Decimal("0.6")),
        }

    # -- what is asked -----------------------------------------------------------------------

    def _metrics(self) -> None:
        asked, worked_out = self.head.table("metric"), self.head.table("derived", {})
        tops = self.headings.tops()
        self.metrics: dict[str, Metric] = {}
        for code in asked.values:
            self._check_code("metric", code)
            self.metrics[code] = read_metric(
                code, Table(asked.raw(code), f"metric {code}", self.problems), self.classes, tops
            )
        derived: dict[str, Derived] = {}
        for code in worked_out.values:
            self._check_code("derived", code)
            if code in self.metrics:
                self.problems.add(f"derived {code}", "is also a metric")
            each = read_derived(code, Table(worked_out.raw(code), f"derived {code}", self.problems))
            if each is not None:
                derived[code] = each
        self.derived = in_order(derived, self.metrics, self.problems)
        for each in (*self.metrics.values(), *self.derived.values()):
            forbidden.check(f"{'derived' if each.code in derived else 'metric'} {each.code}", each, self.problems)

    def _check_code(self, kind: str, code: str) -> None:
        if not forbidden.is_code(code):
            needed = "a code is two or more words of a-z, 0-9 and _ joined by dots, such as staff.officers"
            self.problems.add(f"{kind} {code}", needed)

    # -- what it is worth --------------------------------------------------------------------

    def _criteria(self) -> list[Criterion]:
        self.scope = Scope(
            codes=(*self.metrics, *self.head.values.get("derived", ())),
            norms=tuple(self.norms),
            classes=self.classes,
            decimals=self.decimals,
            rules=RULES,
            wrappers=WRAPPERS,
            coefficients=self.coefficients,
        )
        rows = self.head.tables("criterion")
        if not rows:
            self.problems.add("", "there is no [[criterion]]")
        if len(rows) > self.limit:
            self.problems.add("", f"{len(rows)} criteria, more than the limit of {self.limit} (criteria_limit)")
        found: dict[str, Criterion] = {}
        for row in rows:
            table = Table(row, f"criterion {_name(row, 'id')}", self.problems)
            criterion = self._criterion(table)
            if criterion.id in found:
                table.note("id", f"{criterion.id!r} is there twice")
            found[criterion.id] = criterion
        return list(found.values())

    def _criterion(self, table: Table) -> Criterion:
        self.scope.owner = id = table.text("id") or "?"
        sections = self.headings.by_code
        section, stated = table.choice("section", sections) or "?", table.number("points")
        worth = Worth(stated or Decimal(0), self.decimals, table.choice("not_applicable", NA_MODES, "exclude"))
        inside = table.table("rule")
        rule = read_rule(inside, self.scope) if "rule" in table else None
        metrics = self._raw(rule.columns()) if rule else ()
        criterion = Criterion(
            id=id,
            full=0 if stated is None else self._units(table, stated, rule),
            points=worth.full,
            rule=rule,
            section=section,
            dimension=self.headings.top(section) if section in sections else "?",
            applies_to=frozenset(read_classes(table, "applies_to", self.classes)),
            na_mode=worth.mode,
            lever=table.choice("lever", metrics, None) if metrics else table.text("lever", None),
            metrics=metrics,
            weight=self.headings.weight(table, section) if section in sections else table.number("weight", Decimal(1)),
            **_words(table),
        )
        table.finish()
        forbidden.check(f"criterion {id}", criterion, self.problems)
        if rule and stated is not None:
            self._check(table, criterion, worth)
        return criterion

    def _check(self, table: Table, criterion: Criterion, worth: Worth) -> None:
        """Note what each key allows and all together do not."""
        rule = criterion.rule
        rule.check(worth, lambda key, what: _note_rule(table, rule, key, what))
        self._room(table, rule, worth)
        self._cover(table, criterion)
        self._compare(table, rule)
        self._bounded(table, rule, worth)

    def _units(self, table: Table, points: Decimal, rule) -> int:
        units = whole_units(points, self.decimals)
        if units is None:
            table.note("points", f"{points} points need more than {self.decimals} decimals")
        if points < 0 or (points == 0 and rule and not rule.optional_full):
            table.note("points", f"must be over 0, not {points}")
        return units or 0

    def _room(self, table: Table, rule, worth: Worth) -> None:
        """Note points that 32 bits have no room for."""
        limits = [limit for limit in (worth.full, rule.most(worth), rule.least(worth)) if limit is not None]
        if any(abs(worth.in_units(limit)) > LARGEST for limit in limits):
            table.note("points", f"more than {LARGEST} units of 10^-{self.decimals}")

    def _raw(self, columns) -> tuple[str, ...]:
        """Metrics behind columns: derived ones resolved, norms by what they go by, targets left out."""
        return tuple(dict.fromkeys(self._sources(columns)))

    def _sources(self, columns) -> Iterator[str]:
        for column in columns:
            code, _, sort = column.partition("@")
            if sort == "norm":
                yield from self._sources(sizes_of(self.norms, column))
            if sort == "norm" or sort.startswith("target"):
                continue
            if code in self.metrics:
                yield code
            elif code in self.derived:
                yield from self._sources(self.derived[code].uses)

    def _cover(self, table: Table, criterion: Criterion) -> None:
        """Note a norm that has no value for a class the criterion is asked of."""
        for column in criterion.rule.columns():
            if not column.endswith(NORM):
                continue
            norm = self.norms[column.removesuffix(NORM)]
            for kind in self.classes:
                if criterion.applies(kind) and self._has(kind, criterion.metrics) and DEFAULT not in norm:
                    if kind not in norm:
                        table.note("", f"norm {column.removesuffix(NORM)!r} has no value for class {kind!r}")

    def _has(self, kind: str, metrics) -> bool:
        return all(not self.metrics[m].applies_to or kind in self.metrics[m].applies_to for m in metrics)

    def _compare(self, table: Table, rule) -> None:
        for sort, code, better in rule.compared():
            if self.scope.compared[sort].setdefault(code, better) != better:
                table.note("rule", f"{code!r} is better higher in one criterion and lower in another")

    def _bounded(self, table: Table, rule, worth: Worth) -> None:
        """Note a metric that may exceed what its rule can give: such a fact is refused, never clipped."""
        ranges = [each for leaf, _ in rule.leaves(worth) for each in leaf.ranges().items()]
        for code, (low, high) in ranges:
            metric = self.metrics.get(code)
            if metric is None:
                table.note("rule", f"{code!r} must be a metric with bounds, not a derived one")
            elif not _inside(metric, low, high):
                table.note("rule", f"{code!r} must keep inside {low} to {high}: write its low and high")

    # -- all together ------------------------------------------------------------------------

    def _known(self, grades: tuple[Grade, ...]) -> Known:
        """What gates and vetoes may name."""
        return Known(
            grades=tuple(grade.code for grade in grades),
            criteria={criterion.id: criterion.points for criterion in self.criteria},
            sections=tuple(self.headings.by_code),
            codes=(*self.metrics, *self.derived),
            classes=self.classes,
            raw=self._raw,
        )

    def _at_home(self) -> dict[str, Metric]:
        """The metrics, each on the page of the first section that uses it unless it names one."""
        home: dict[str, str] = {}
        for criterion in self.criteria:
            for code in criterion.metrics:
                home.setdefault(code, criterion.dimension)
        first = next(iter(self.headings.by_code), "")
        return {
            code: metric if metric.dimension else replace(metric, dimension=home.get(code, first))
            for code, metric in self.metrics.items()
        }


def _inside(metric: Metric, low: Decimal, high: Decimal) -> bool:
    return metric.low is not None and metric.high is not None and low <= metric.low and metric.high <= high


def _takes_rates(head: Table) -> bool:
    """Is anything but points summed, so that what rounding takes from points would be felt in a mean?"""
    sections = head.values.get("section", ())
    headings = (head.values, *(row for row in sections if isinstance(row, dict))) if isinstance(sections, list) else ()
    return any(each.get("rollup", SUM) != SUM for each in headings)


def _parent(head: Table) -> Parent | None:
    """The edition that this one adds to; None for a standard that stands alone."""
    if "parent" not in head:
        return None
    table = head.table("parent")
    parent = Parent(*(table.text(key) or "?" for key in ("code", "version", "digest")))
    table.finish()
    return parent


def _name(row, key: str) -> str:
    return str(row.get(key, "?")) if isinstance(row, dict) else "?"


def _words(table: Table) -> dict[str, str]:
    """What a criterion says of itself, and whose it is."""
    return {
        "title": table.text("title"),
        "title_en": table.text("title_en"),
        "source": table.text("source"),
        "source_en": table.text("source_en", ""),
        "url": table.text("url", ""),
        "evidence": table.choice("evidence", EVIDENCE, "optional"),
        "evidence_note": table.text("evidence_note", ""),
        "evidence_note_en": table.text("evidence_note_en", ""),
        "fixable_by": table.choice("fixable_by", FIXERS, "station"),
        "tier": table.choice("tier", TIERS, "basic"),
        "continues": table.text("continues", ""),
    }


def _note_rule(table: Table, rule, key: str, what: str) -> None:
    where = f"{table.where}: rule.{rule.shape}"
    table.problems.add(where, f"{key}: {what}" if key else what)
