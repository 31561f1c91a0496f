"""Compose an edition from a plan: its head, its pages, and the indicators of the library that it picks.

text = plan_text(library.shipped(), Path("core-2027.toml").read_text(), "core-2027.toml")

A plan is a standard without criteria (docs/standard-format.md) and with `[[pick]]` instead, in paper order: the `id` of
an indicator, the `section` it stands in, and whatever the edition has otherwise than the library: `points` (what the
rule says in points goes with them), `rule`, `applies_to`, `weight` or any other key of a criterion. A `[norm]`,
`[metric]`, `[derived]` or `[coefficient]` of the plan stands instead of the library's.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from . import editing, library, tomltext
from .composing import bring, compose
from .library import Library
from .options import NORM
from .reading import Problems, StandardError, Table, is_number, toml
from .scaling import scaled
from .standard import Standard

FOLDER = library.SHIPPED / "editions"
_TABLES = ("metric", "derived", "norm")


def shipped() -> list[Path]:
    """The plans of assessments/library/editions."""
    return sorted(FOLDER.glob("*.toml"))


def plan_text(library: Library, plan: str, name: str = "plan.toml") -> str:
    """The standard that a plan describes, as text. The same plan and library give the same text.

    Raises StandardError with one line for each problem of the plan, or else of the standard that came of it.
    """
    problems = Problems(name)
    try:
        document = toml(plan)
    except ValueError as error:
        raise StandardError([f"{name}: no TOML: {error}"]) from error
    own = set(document.get("norm", ()))
    for row in Table({"pick": document.pop("pick", None) or []}, "", problems).tables("pick"):
        _pick(library, document, row, problems)
    if problems.lines:
        raise StandardError(problems.lines)
    _tidy(library, document, own)
    told = f"# Composed from the indicator library by the plan {name}: change the plan and compose again.\n\n"
    text = told + tomltext.document(document)
    Standard.loads(text, name)
    return text


def _pick(library: Library, document: dict, row, problems: Problems) -> None:
    changes = dict(row) if isinstance(row, Mapping) else {}
    place = {key: changes.pop(key) for key in ("id", "section") if key in changes}
    pick = Table(place, f"pick {place.get('id', '?')}", problems)
    id, section = pick.text("id"), pick.text("section")
    pick.finish()
    if id is None or section is None or pick.known("id", id, library.indicators, "indicator") is None:
        return
    done = compose(library, document, [id], section)
    if done.there:
        pick.note("id", "is picked twice")
    elif done.nowhere:
        pick.note("id", "is asked of none of the classes")
    else:
        written = document["criterion"][-1]
        if "points" in changes and "rule" not in changes:
            written["rule"] = _scaled(written, changes["points"], document.get("decimals", 2))
        written.update(changes)


def _scaled(row: Mapping, points, decimals) -> Mapping:
    if not is_number(points) or points <= 0:
        return row["rule"]  # reading the standard says what is wrong with the points
    return scaled(row["rule"], Decimal(row["points"]), Decimal(points), decimals)


def _tidy(library: Library, document: dict, own: set[str]) -> None:
    """Bring what changed rules, gates and vetoes look at besides, and drop what nothing looks at.

    Norms that are the plan's `own` stay, so that the linter can tell of one that no rule uses.
    """
    known = {kind: {**library.tables[kind], **document.get(kind, {})} for kind in _TABLES}
    needed = editing.used({**document, **known})
    norms = {code for code in library.tables["norm"] if code + NORM in _said(document.get("criterion", ()))}
    for code in (*library.tables["metric"], *library.tables["derived"]):
        if code in needed | norms:
            bring(library, document, code, norm=code in norms)
    for code in set(document.get("norm", ())) - norms - own:
        del document["norm"][code]
    editing.drop_unused(document, {code for kind in _TABLES for code in document.get(kind, {})})


def _said(value) -> set[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return {text for each in inner for text in _said(each)}
