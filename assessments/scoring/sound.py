"""The criteria of an unfinished standard that can be read already, so that their rules can be told in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from . import tomltext
from .build import FINEST
from .reading import StandardError
from .standard import Standard

_NAME = "sound"
_SECTION = "all"
_ANY_DAY = date(2026, 1, 1)
_KEPT = ("points", "rule", "applies_to", "not_applicable", "lever")  # what the words of a rule depend on
_TABLES = ("metric", "derived", "norm", "coefficient")


def sound(document: Mapping) -> Standard | None:
    """A standard of those criteria of a document that are whole, all in one section.

    None where there is none, or no class to ask them of.

    Their titles and sources are not asked for and not given: look those up in the document. What makes up a criterion
    must be of the right shape (shaping.misshapen).
    """
    work = {
        "code": _NAME,
        "version": "1",
        "title": _NAME,
        "title_en": _NAME,
        "in_force": document.get("in_force", _ANY_DAY),
        "decimals": document.get("decimals", FINEST),
        "criteria_limit": len(document.get("criterion", ())) + 1,
        "classes": document.get("classes", []),
        "section": [{"code": _SECTION, "title": _SECTION, "title_en": _SECTION}],
        **{kind: dict(document.get(kind, {})) for kind in _TABLES},
        "criterion": [_bare(each) for each in _named(document)],
    }
    work["metric"] = {code: _homeless(table) for code, table in work["metric"].items()}
    while work["criterion"] and work["classes"]:
        try:
            return Standard.loads(tomltext.document(work), _NAME)
        except StandardError as error:
            if not _dropped(work, error.problems):
                return None
    return None


def _named(document: Mapping) -> list[Mapping]:
    """The criteria that have an id, each once."""
    return list({each["id"]: each for each in document.get("criterion", ()) if each.get("id")}.values())


def _bare(row: Mapping) -> dict:
    words = {"section": _SECTION, "title": _NAME, "title_en": _NAME, "source": _NAME}
    return {"id": row["id"], **words, **{key: row[key] for key in _KEPT if key in row}}


def _homeless(metric: Mapping) -> dict:
    return {key: value for key, value in metric.items() if key != "dimension"}


def _dropped(work: dict, problems) -> bool:
    """Take out whatever a problem names; False where none names anything."""
    before = sum(len(work[kind]) for kind in (*_TABLES, "criterion"))
    for kind in _TABLES:
        work[kind] = {code: each for code, each in work[kind].items() if not _is_named(kind, code, problems)}
    work["criterion"] = [each for each in work["criterion"] if not _is_named("criterion", each["id"], problems)]
    return sum(len(work[kind]) for kind in (*_TABLES, "criterion")) < before


def _is_named(kind: str, code: str, problems) -> bool:
    return any(line.startswith(f"{_NAME}: {kind} {code}: ") for line in problems)
