"""One key of a document in words: its label, what leaving it out means, and its value for people."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from .build import CRITERIA_LIMIT, FINEST
from .conditions import NO_GRADE, TARGETS
from .differencewords import LABELS
from .metrics import BOUNDS, EFFORTS, UNITS, WHOLE
from .options import NO_LIMIT
from .paper import Paper
from .reading import is_number
from .standard import RATE_DECIMALS, SUM

_LIMITS = {"rollup": SUM, "floor": NO_LIMIT, "cap": NO_LIMIT}
DEFAULTS = {
    "": {**_LIMITS, "rate_decimals": RATE_DECIMALS, "minimum_share": Decimal("0.6"), "criteria_limit": CRITERIA_LIMIT},
    "gate": {"applies_to": []},
    "veto": {"applies_to": []},
    "check": {"applies_to": []},
    "year": {"of": "rate", "caps": "none"},
    "trigger": {"over": "periods"},
    "section": {**_LIMITS, "minimum_share": 0, "weight": 1},
    "metric": {"required": True, "register": False, "fixable_by": "station", "applies_to": []},
    "derived": {"kind": "number"},
    "criterion": {
        "evidence": "optional",
        "tier": "basic",
        "fixable_by": "station",
        "applies_to": [],
        "not_applicable": "exclude",
        "weight": 1,
    },
}
_POINTS = ("points", "floor", "cap")
_SHARES = ("minimum_share", "at_most", "at_least")
_FORMULAS = ("met", "when", "holds", "formula")
_CHOICES = (
    "rollup", "kind", "fixable_by", "tier", "evidence", "not_applicable", "effect", "of", "missing", "place", "over",
    "severity",
)  # fmt: skip


def label(paper: Paper, table: str, key: str) -> str:
    """The name of a key; a key that nobody gave a name stands for itself."""
    return paper.pick(*LABELS.get(table, {}).get(key, (key, key)))


def default(table: str, key: str, row: Mapping, paper: Paper):
    """What stands under a key, else what leaving it out means; None where that is nothing."""
    if key in row:
        return row[key]
    if table == "metric" and key in ("low", "high", "whole", "effort", "unit", "unit_en"):
        return _of_kind(key, row.get("kind", ""))
    if table == "" and key == "decimals":
        rows = (paper.document, *paper.document.get("section", ()))
        return FINEST if any(each.get("rollup", SUM) != SUM for each in rows) else 2
    if table == "gate" and key == "from":
        return 100 if "criterion" in row else None
    found = DEFAULTS.get(table, {}).get(key)
    return found


def _of_kind(key: str, kind: str):
    if key in ("low", "high"):
        return BOUNDS.get(kind, (0, None))[key == "high"]
    if key == "whole":
        return kind in WHOLE
    if key == "effort":
        return Decimal(EFFORTS.get(kind, "1"))
    return UNITS[kind][key == "unit_en"] if kind in UNITS else None


def said(paper: Paper, table: str, key: str, value, row: Mapping) -> str:
    """The value of a key in words; `row` is the table it stands in."""
    if key in ("applies_to", "classes") and isinstance(value, list):
        return paper.items(map(paper.kind, value)) or paper("all_classes")
    if key == "parent" and isinstance(value, Mapping):
        return f"{value.get('code', '?')} {value.get('version', '?')} ({str(value.get('digest', '?'))[:12]})"
    if is_number(value):
        return _number(paper, table, key, value, row)
    if isinstance(value, str):
        return _text(paper, table, key, value, row)
    return paper.plain(value)


def _number(paper: Paper, table: str, key: str, value, row: Mapping) -> str:
    if key in _SHARES:
        return f"{paper.number(value * 100)}%"
    if key == "from":
        return f"{paper.number(value)}%"
    if table == "metric" and key in ("low", "high"):
        return paper.value(row.get("code", ""), value)
    return paper.points(value) if key in _POINTS and table != "trigger" else paper.number(value)


def _text(paper: Paper, table: str, key: str, value: str, row: Mapping) -> str:
    if key in _FORMULAS:
        return f"“{paper.formula(value)}”"
    if key in _CHOICES or (value == NO_LIMIT and key in ("floor", "cap")):
        return paper.choice(key, value)
    if key == "caps":
        return paper.choice("caps", "year" if value == "none" else value) if table == "year" else _grade(paper, value)
    if key == "target" and row.get("effect") in TARGETS:
        kind = TARGETS[row["effect"]]
        return _grade(paper, value) if kind == "grade" else f"“{paper.of(kind, value)}”"
    if key in ("in", "dimension"):
        return f"“{paper.of('section', value)}”"
    if table == "gate" and key == "criterion":
        return f"“{paper.of('criterion', value)}”"
    if key == "lever":
        return f"“{paper.name(value)}”"
    return f"“{value}”" if key in ("source", "source_en", "title", "title_en") else value


def _grade(paper: Paper, code: str) -> str:
    return paper.choice("caps", "none") if code == NO_GRADE else f"“{paper.of('grade', code)}”"
