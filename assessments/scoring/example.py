"""One criterion of a document tried on a few facts, by the engine itself: what it says and what it gives.

A standard of this criterion alone is made of the document, so that a draft with other problems can be tried too. What
the rule looks at and a formula works out is a fact here: what is typed is what the rule sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from . import tomltext, typed
from .context import prepare
from .editing import texts
from .engine import evaluate
from .examplefacts import choices
from .explain import explain
from .frame import Frame
from .options import CLAIM, NORM, PAST
from .reading import is_number
from .scores import MISSING, NOT_APPLICABLE
from .standard import Standard
from .wording import Row, Say

NAME = "example.toml"
MOST = 7  # lines of typical facts
KEPT = ("id", "title", "title_en", "points", "rule", "source", "applies_to", "not_applicable", "fixable_by")
_STATED = ("kind", "title", "title_en", "short", "short_en", "unit", "unit_en")


@dataclass(frozen=True)
class Column:
    """A fact of the table. `key` is the metric, with @self for a claim and @before … for an earlier period."""

    key: str
    title: str
    unit: str
    kind: str


@dataclass(frozen=True)
class Line:
    """Some facts and what they earn. `share` is 0 to 1 of the full points, None where there are none."""

    cells: tuple[str, ...]
    points: str
    share: float | None
    status: str
    reason: str


@dataclass(frozen=True)
class Example:
    """What a criterion says and gives.

    words  the formula
    norm   what facts are held against, "" for nothing
    start  column key -> a fact to begin with, as it is typed
    tried  the facts that somebody typed, None for none
    kind   the class that was tried
    """

    words: str
    norm: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    start: dict[str, str]
    tried: Line | None
    kind: str


def example(
    document: Mapping,
    criterion: Mapping,
    *,
    kind: str,
    day: date,
    lang: str,
    facts: Mapping[str, str] | None = None,
) -> Example:
    """The criterion in words and on typical facts, for a station of class `kind` on `day`.

    facts  column key -> what somebody typed to try, "" for not answered; a column that is not there is as at the start

    Raises StandardError with one line for each problem of the criterion.
    """
    standard = Standard.loads(alone(document, criterion, day), NAME)
    kind = kind if kind in standard.classes else standard.classes[0]
    rule = standard.criteria[0].rule
    keys = columns_of(standard, rule, kind)
    blank = Row(_framed(standard, kind, day, [{}]), 0)
    values = choices(standard, blank, keys)
    rows = _typical(values)
    start = {key: _as_typed(standard, key, values[key][0]) for key in keys}
    own = _typed(standard, keys, {**start, **(facts or {})}) if facts and not facts.keys().isdisjoint(keys) else {}
    try:
        table = _Table(standard, kind, day, rows + ([own] if own else []), lang)
    except OverflowError:  # more points than can be counted, where a rule has no end
        own, table = {}, _Table(standard, kind, day, rows, lang)
    lines = _chosen([table.line(i, keys) for i in range(len(rows))], alone=len(keys) == 1)
    first = explain(table.frame, table.scores, 0, lang=lang)[0]
    return Example(
        words=first.formula,
        norm=first.norm_text,
        columns=tuple(_column(standard, key, table.say) for key in keys),
        lines=tuple(lines),
        start=start,
        tried=table.line(len(rows), keys) if own else None,
        kind=kind,
    )


def alone(document: Mapping, criterion: Mapping, day: date) -> str:
    """The text of a standard of this criterion alone, with what its rule needs."""
    kept = {key: criterion[key] for key in KEPT if key in criterion}
    blank = {"id": "new", "title": "…", "title_en": "…", "source": "…"}
    kept |= {key: text for key, text in blank.items() if not kept.get(key)}
    named = set(texts(kept.get("rule", {})))
    norms = {code: each for code, each in _tables(document, "norm").items() if code + NORM in named}
    codes = {each.partition("@")[0] for each in (*named, *texts(norms))}
    metrics = {code: _fact(each) for code, each in _tables(document, "metric").items() if code in codes}
    worked_out = {code: _stated(each) for code, each in _tables(document, "derived").items() if code in codes}
    coefficients = {code: each for code, each in _tables(document, "coefficient").items() if code in named}
    small = {
        "code": "example",
        "version": "1",
        "title": "…",
        "title_en": "…",
        "in_force": min(day, document["in_force"]) if type(document.get("in_force")) is date else day,
        "decimals": document.get("decimals", 6 if _takes_rates(document) else 2),
        "classes": document.get("classes", []),
        "section": [{"code": "all", "title": "…", "title_en": "…"}],
        "metric": metrics | worked_out,
        "norm": norms,
        "coefficient": coefficients,
        "criterion": [{**kept, "section": "all"}],
    }
    return tomltext.document({key: value for key, value in small.items() if value not in ({}, [])} | _no_metric(small))


def columns_of(standard: Standard, rule, kind: str) -> list[str]:
    """Keys of the facts that the rule looks at for a class, and of those that its norms go by."""
    found = []
    for column in rule.columns(kind):
        sort = column.partition("@")[2]
        if not sort or sort in PAST or f"@{sort}" == CLAIM:
            found.append(column)
        found += standard.sizes(column)
    return list(dict.fromkeys(found))


def _no_metric(small: Mapping) -> dict:
    return {} if small["metric"] else {"metric": {}}


def _takes_rates(document: Mapping) -> bool:
    rows = document.get("section", ())
    headings = [document, *(row for row in rows if isinstance(row, Mapping))] if isinstance(rows, list) else [document]
    return any(each.get("rollup", "sum") != "sum" for each in headings)


def _tables(document: Mapping, name: str) -> dict[str, Mapping]:
    found = document.get(name, {})
    if not isinstance(found, Mapping):
        return {}
    return {code: each for code, each in found.items() if isinstance(each, Mapping)}


def _fact(metric: Mapping) -> dict:
    """A metric without the page it is asked on, which is not there."""
    return {key: value for key, value in metric.items() if key != "dimension"}


def _stated(derived: Mapping) -> dict:
    """A value worked out, as a fact that is typed."""
    stated = {"kind": "number"} | {key: derived[key] for key in _STATED if key in derived}
    return stated | ({"low": -(10**12)} if stated["kind"] in ("count", "number", "yuan", "area") else {})


# -- facts -----------------------------------------------------------------------------------------


def _typical(values: Mapping[str, list[float]]) -> list[dict[str, float]]:
    """Rows of facts: the best values together, one of them changed at a time, and the worst together."""
    best = {key: each[0] for key, each in values.items()}
    rows = [best]
    for step in range(1, max(map(len, values.values()), default=1)):
        rows += [best | {key: each[step]} for key, each in values.items() if step < len(each)]
    if len(values) == 1:
        rows.sort(key=lambda row: tuple(row.values()))
    else:
        rows.append({key: each[-1] for key, each in values.items()})
    return list({tuple(row.items()): row for row in rows}.values())


def _typed(standard: Standard, keys: Iterable[str], facts: Mapping[str, str]) -> dict[str, float]:
    """What was typed as facts; what cannot be read is not answered."""
    found = {}
    for key in keys:
        text = facts.get(key, "").strip()
        try:
            day = date.fromisoformat(text) if _is_day(standard, key) else None
            number = Decimal(f"{day:%Y%m%d}") if day else typed.number(text)
        except ValueError:
            continue
        if is_number(number):
            found[key] = float(number)
    return found


def _as_typed(standard: Standard, key: str, value: float) -> str:
    if _is_day(standard, key):
        text = f"{value:.0f}"
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _is_day(standard: Standard, key: str) -> bool:
    return standard.metrics[key.partition("@")[0]].kind == "date"


def _framed(standard: Standard, kind: str, day: date, rows: list[dict[str, float]]) -> Frame:
    """The rows as stations of one class and one group, with what they had before and what they claimed."""
    ids = [str(i) for i in range(len(rows))]

    def frame(suffix: str) -> Frame:
        facts = ({code: row.get(code + suffix) for code in standard.metrics} for row in rows)
        return Frame.of(((id, kind, each) for id, each in zip(ids, facts, strict=True)), standard.metrics)

    mean = frame("@two_year_mean")
    year_before = frame("@year_before")
    both = {c: np.where(np.isnan(year_before[c]), mean[c], year_before[c]) for c in standard.metrics}
    past = {"before": frame("@before"), "year_before": year_before.adding(both, {}), "two_years_before": mean}
    return prepare(frame(""), standard, groups=np.zeros(len(rows)), day=day, past=past, claims=frame(CLAIM))


class _Table:
    """Rows of facts that were scored."""

    def __init__(self, standard: Standard, kind: str, day: date, rows: list[dict[str, float]], lang: str):
        self.standard, self.rows, self.lang = standard, rows, lang
        self.frame = _framed(standard, kind, day, rows)
        self.scores = evaluate(self.frame, standard)
        self.say = Say(standard, Row(self.frame, 0), lang)

    def line(self, i: int, keys: Iterable[str]) -> Line:
        say = Say(self.standard, Row(self.frame, i), self.lang)
        status, points = self.scores.status(i, 0), self.standard.points(self.scores.points[i, 0])
        words = {MISSING: "unanswered", NOT_APPLICABLE: "absent"}
        full = self.standard.criteria[0].points
        return Line(
            cells=tuple(self._cell(say, key, self.rows[i].get(key)) for key in keys),
            points=say(words[status]) if status in words else say.points(points),
            share=None if status in words or not full else float(min(1, max(0, points / full))),
            status=status,
            reason=explain(self.frame, self.scores, i, lang=self.lang)[0].reason,
        )

    def _cell(self, say: Say, key: str, value: float | None) -> str:
        code = key.partition("@")[0]
        if "@" not in key and say.row.is_absent(code):
            return say("absent")
        return say("unanswered") if value is None else say.value(code, value)


def _chosen(lines: list[Line], *, alone: bool) -> list[Line]:
    """A few of the lines, those first that tell something new; the most points first, or rising by the only fact."""
    found: dict[str, Line] = {}
    for line in lines:
        found.setdefault(line.points, line)
    kept = list(found.values())
    kept += [line for line in lines if line not in kept]
    kept = kept[:MOST]
    order = {line: place for place, line in enumerate(lines)}
    if alone:
        return sorted(kept, key=lambda line: order[line])
    return sorted(kept, key=lambda line: -1 if line.share is None else line.share, reverse=True)


def _column(standard: Standard, key: str, say: Say) -> Column:
    code, _, sort = key.partition("@")
    named = standard.named(code)
    title = say.pick(named.title, named.title_en)
    if sort in PAST:
        title = say("of_period", title=title, period=say(f"base_{sort}"))
    elif sort:
        title = say("of_claim", title=title)
    return Column(key, title, say.unit(code), named.kind)
