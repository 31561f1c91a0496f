"""What an event recorded, in words."""

from stationstd.personal import masked

from .rows import ROW_CHANGE


def changed(event) -> list[tuple]:
    """(what, old, new) of an act that changed something, or of a row that the database saw changing."""
    return [(key, _shown(old), _shown(new)) for key, old, new in _changed(event)]


def _changed(event) -> list[tuple]:
    if event.action == ROW_CHANGE:
        return _of_row(event.detail)
    found = event.detail.get("changed")
    return [(key, *old_and_new) for key, old_and_new in found.items()] if isinstance(found, dict) else []


def _shown(value):
    """The auditor looks at acts, not at people's numbers; what was recorded stays whole in the chain."""
    return masked(value) if isinstance(value, str) else value


def _of_row(detail: dict) -> list[tuple]:
    """The columns that differ; facts one by one. A row that came or went shows no columns: they are all of it."""
    was, row = detail.get("was"), detail.get("row")
    if not was or not row:
        return []
    pairs = [(name, was[name], row.get(name)) for name in was if name != "facts"]
    old, new = was.get("facts", {}), row.get("facts", {}) if "facts" in was else {}
    facts = sorted(metric for metric in old.keys() | new.keys() if old.get(metric) != new.get(metric))
    return pairs + [(metric, _fact(old.get(metric)), _fact(new.get(metric))) for metric in facts]


def _fact(cell):
    return cell.get("v") if isinstance(cell, dict) else cell


def other(event) -> list[tuple[str, str]]:
    """(what, value) of everything else that was recorded."""
    left_out = {"changed", "was", "row"} if event.action == ROW_CHANGE else {"changed"}
    return [(key, words(value)) for key, value in event.detail.items() if key not in left_out and value != {}]


def details(event) -> list[tuple[str, str]]:
    """Everything in one list, a change as old → new."""
    return other(event) + [(key, f"{words(old)} → {words(new)}") for key, old, new in changed(event)]


def reason(event) -> str:
    return masked(event.reason)


def words(value) -> str:
    """A recorded value as one line: lists and small tables without their brackets."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        return " · ".join(f"{key} {words(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(words(inner) for inner in value)
    return masked(str(value))
