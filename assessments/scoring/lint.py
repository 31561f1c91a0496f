"""What is allowed in a standard and still a mistake: each finding says where, what, and what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .build import CRITERIA_LIMIT
from .conditions import Gate, VetoRule
from .formula import metrics_in
from .frame import Frame
from .grading import Verdict, judge
from .lintwords import WORDS
from .reach import most_reached
from .scores import Scores
from .standard import SUM, Criterion, Standard

FEWEST = 10  # stations before past data say anything
CORRELATED = 0.95
ROUND = 100  # what points usually sum to
NO_SOURCE = frozenset(("", "-", "–", "—", "/", "无", "暂无", "待定", "none", "tbd", "unknown", "?", "？"))


@dataclass(frozen=True)
class Finding:
    """`code` is the kind, the rest are words in one language."""

    code: str
    where: str
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.todo}"


class _Linter:
    def __init__(self, standard: Standard, lang: str):
        self.standard, self.chinese = standard, lang.lower().startswith("zh")
        self.raw = tomllib.loads(standard.text)

    def finding(self, code: str, where: str, **given) -> Finding:
        what, todo = WORDS[code][0 if self.chinese else 1]
        return Finding(code, where, what.format(**given), todo.format(**given))

    def item(self, criterion: Criterion) -> str:
        return f"criterion {criterion.id} ({self.title(criterion)})"

    def condition(self, kind: str, each: Gate | VetoRule) -> str:
        return f"{kind} {each.code} ({self.title(each)})"

    def title(self, named) -> str:
        return named.title if self.chinese else named.title_en

    def listed(self, names) -> str:
        return ("、" if self.chinese else ", ").join(names)

    # -- the text ----------------------------------------------------------------------------

    def of_text(self) -> Iterator[Finding]:
        yield from self.of_sums()
        if len(self.standard.criteria) > CRITERIA_LIMIT:
            yield self.finding("too_many", "criteria", count=len(self.standard.criteria), limit=CRITERIA_LIMIT)
        yield from self.of_use()
        for raw, criterion in zip(self.raw["criterion"], self.standard.criteria, strict=True):
            yield from self.of_sources(raw, criterion)
            yield from self.of_reach(criterion)
        yield from self.of_conditions()
        yield from self.of_trends()

    def of_sums(self) -> Iterator[Finding]:
        total = self.standard.points(self.standard.full)
        takes_mean = self.standard.whole.rollup != SUM  # what it is worth is then declared, not added up
        if "points" not in self.raw and not takes_mean:
            yield self.finding("no_sum", "points", total=f"{total.normalize():f}")
        if total != ROUND:
            yield self.finding(
                "odd_worth" if takes_mean else "odd_sum", "points", total=f"{total.normalize():f}", whole=ROUND
            )

    def of_use(self) -> Iterator[Finding]:
        standard = self.standard
        used = {code for criterion in standard.criteria for code in criterion.metrics}
        columns = {column for criterion in standard.criteria for column in criterion.rule.columns()}
        reached = {column.partition("@")[0] for column in columns} | _in_conditions(standard)
        for code in reversed(standard.derived):
            if code in reached:
                reached.update(standard.derived[code].uses)
        used |= reached | set(standard.conditional)
        checked = {code for each in standard.checks for code in each.metrics}
        for code in standard.metrics:
            if code not in used:
                yield self.finding("check_only" if code in checked else "unused", f"metric {code}")
        for code in standard.derived:
            if code not in reached:
                yield self.finding("unused_derived", f"derived {code}")
        for code in standard.norms:
            if f"{code}@norm" not in columns:
                yield self.finding("unused_norm", f"norm {code}")

    def of_sources(self, raw: dict, criterion: Criterion) -> Iterator[Finding]:
        where = self.item(criterion)
        if criterion.source.strip().lower() in NO_SOURCE:
            yield self.finding("no_source", where)
        if "evidence" not in raw:
            yield self.finding("no_evidence", where)
        elif criterion.evidence == "required" and not criterion.evidence_note:
            yield self.finding("no_evidence_note", where)

    def of_conditions(self) -> Iterator[Finding]:
        """Gates and vetoes without a source, and criteria and sections that count for nothing in a mean."""
        for kind, conditions in (("gate", self.standard.gates), ("veto", self.standard.vetoes)):
            for each in conditions:
                if each.source.strip().lower() in NO_SOURCE:
                    yield self.finding("no_source", self.condition(kind, each))
        for each in self.standard.criteria:
            if not each.weight:
                yield self.finding("no_weight", self.item(each))
        for each in self.standard.sections:
            if not each.weight:
                yield self.finding("no_weight", f"section {each.code} ({self.title(each)})")

    def of_trends(self) -> Iterator[Finding]:
        """Criteria that are said to go on from themselves, or from the same item of an earlier edition."""
        first: dict[str, str] = {}
        for each in self.standard.criteria:
            other = first.setdefault(each.continues, each.id)
            if each.continues == each.id:
                yield self.finding("continues_itself", self.item(each))
            elif each.continues and other != each.id:
                yield self.finding("continued_twice", self.item(each), old=each.continues, other=other)

    def of_reach(self, criterion: Criterion) -> Iterator[Finding]:
        short = {}
        for kind in self.standard.classes:
            most = most_reached(self.standard, criterion, kind)
            if most is not None and most < criterion.full:
                short.setdefault(most, []).append(kind)
        for most, kinds in short.items():
            given = {"most": self._points(most), "full": self._points(criterion.full)}
            yield self.finding("unreachable", self.item(criterion), kinds=self.listed(kinds), **given)

    def _points(self, units: int) -> str:
        return f"{self.standard.points(units).normalize():f}"

    # -- past data ---------------------------------------------------------------------------

    def of_past(self, scores: Scores, frame: Frame | None) -> Iterator[Finding]:
        if len(scores) < FEWEST:
            yield self.finding("too_few", "facts", count=len(scores), fewest=FEWEST)
            return
        yield from self.of_spread(scores)
        yield from self.of_pairs(scores)
        if frame is not None:
            yield from self.of_judged(judge(frame, scores), len(scores))

    def of_judged(self, verdict: Verdict, count: int) -> Iterator[Finding]:
        """Gates that nobody meets, vetoes that strike everybody, and a best grade that nobody has."""
        for gate, failed in zip(self.standard.gates, verdict.failed.T, strict=True):
            if failed.all():
                yield self.finding("gate_all_fail", self.condition("gate", gate), count=count)
        for veto, struck in zip(self.standard.vetoes, verdict.vetoed.T, strict=True):
            if struck.all():
                yield self.finding("veto_all", self.condition("veto", veto), count=count)
        for place, grade in enumerate(self.standard.grades):
            if (verdict.grades == place).all():
                yield self.finding("one_grade", f"grade {grade.code} ({self.title(grade)})", count=count)

    def of_spread(self, scores: Scores) -> Iterator[Finding]:
        for j, criterion in enumerate(self.standard.criteria):
            rows = scores.answered[:, j]
            earned, offered = scores.points[rows, j], scores.offered[rows, j]
            if len(earned) < FEWEST or not criterion.full:
                continue
            if (earned >= offered).all():
                yield self.finding("all_full", self.item(criterion), count=len(earned))
            elif (earned <= 0).all():
                yield self.finding("all_fail", self.item(criterion), count=len(earned))

    def of_pairs(self, scores: Scores) -> Iterator[Finding]:
        criteria = self.standard.criteria
        for i, j in combinations(range(len(criteria)), 2):
            r = correlation(scores, i, j)
            if r is not None and r > CORRELATED:
                where = f"{self.item(criteria[i])}, {self.item(criteria[j])}"
                yield self.finding("correlated", where, r=f"{r:.2f}", limit=CORRELATED)


def correlation(scores: Scores, i: int, j: int) -> float | None:
    """Pearson's r of the points of two criteria where both were answered; None for too few or no spread."""
    rows = scores.answered[:, i] & scores.answered[:, j]
    x, y = (scores.points[rows, column].astype(float) for column in (i, j))
    if len(x) < FEWEST or x.min() == x.max() or y.min() == y.max():
        return None
    x, y = x - x.mean(), y - y.mean()
    return float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))


def lint(standard: Standard, *, lang: str = "zh-hans") -> list[Finding]:
    """What the text of a standard alone shows."""
    return list(_Linter(standard, lang).of_text())


def lint_past(
    standard: Standard, scores: Scores, *, frame: Frame | None = None, lang: str = "zh-hans"
) -> list[Finding]:
    """What scores of past facts show of their standard; of its gates and vetoes too with the prepared frame."""
    return list(_Linter(standard, lang).of_past(scores, frame))


def _in_conditions(standard: Standard) -> set[str]:
    """Metrics and derived metrics that gates and vetoes name."""
    trees = [each.tree for each in (*standard.gates, *standard.vetoes) if each.tree is not None]
    return {code for tree in trees for code in metrics_in(tree)}


__all__ = ["Finding", "correlation", "lint", "lint_past"]
