"""What a station's people may do: fill in, hand in, have the receipt made, object."""

from .paper import (
    AGAIN,
    CRITERIA,
    INCOMPLETE,
    INVALID,
    LATE,
    LOCKED,
    METRICS,
    NOT_THERE,
    STALE,
    UNBASED,
    WRONG_STATE,
    Objection,
    Person,
    Sheet,
    past,
    refuse_if,
)
from .people import of_station, oversees, require

FILLING = ("chief", "clerk")


def save(who: Person, name: str, sheet: Sheet, metric, value, state: str, version, op) -> tuple:
    """`value` is a number, None for a blank, or a text that is no number of this metric."""
    require(who, *FILLING)
    refuse_if(not of_station(who, sheet), NOT_THERE)
    refuse_if(version is None or op is None, UNBASED)
    refuse_if(metric not in METRICS, INVALID)
    if (op, metric) in sheet.ops:
        return ()
    require_open(sheet)
    refuse_if(is_kept(sheet, using(metric)), LOCKED)
    refuse_if(isinstance(value, str), INVALID)
    refuse_if(version != sheet.fact("self", metric).times, STALE)
    sheet.ops.add((op, metric))
    sheet.workers.add(name)
    sheet.write("self", metric, value, "missing" if value is None else state)
    return ()


def take(who: Person, name: str, sheet: Sheet, metric, known: dict, version, op) -> tuple:
    """`known` is what the station's registers say."""
    require(who, *FILLING)
    refuse_if(not of_station(who, sheet), NOT_THERE)
    refuse_if(metric not in known, INCOMPLETE)
    return save(who, name, sheet, metric, known[metric], "answered", version, op)


def require_open(sheet: Sheet) -> None:
    refuse_if(not sheet.is_open, WRONG_STATE)
    refuse_if(past(sheet.due), LATE)


def using(metric) -> set:
    return {criterion for criterion, used in CRITERIA.items() if metric in used}


def is_kept(sheet: Sheet, criteria: set) -> bool:
    """After a return that names criteria, only these and their figures are open."""
    return bool(sheet.back()) and not criteria & sheet.back()


def submit(who: Person, name: str, sheet: Sheet, round_) -> tuple:
    """What was said in earlier rounds of what has not changed since holds in this one."""
    require(who, "chief")
    refuse_if(not who.is_fresh, AGAIN)
    refuse_if(not of_station(who, sheet), NOT_THERE)
    require_round(sheet, round_)
    require_open(sheet)
    refuse_if(sheet.lacks() or not sheet.is_settled(), INCOMPLETE)
    sheet.handed_in[sheet.round] = sheet.digest()
    sheet.state = "submitted"
    sheet.workers.add(name)
    for criterion, word in sheet.last_words().items():
        if word.outcome != "returned" and word.seen == sheet.seen(criterion):
            sheet.words[sheet.round, criterion] = word
    return ("assessment.submit", "report.request")


def receipt(who: Person, sheet: Sheet) -> tuple:
    """Asked for when it was handed in already: it is made once."""
    require(who, "chief", "clerk", "reviewer", "leader")
    refuse_if(not (of_station(who, sheet) or oversees(who, sheet)), NOT_THERE)
    refuse_if(not sheet.handed_in, WRONG_STATE)
    return ()


def require_round(sheet: Sheet, round_) -> None:
    refuse_if(round_ is None, UNBASED)
    refuse_if(round_ != sheet.round, STALE)


def object_to(who: Person, sheet: Sheet, criterion, ground: str, round_, op) -> tuple:
    require(who, "chief")
    refuse_if(not of_station(who, sheet), NOT_THERE)
    refuse_if(round_ is None or op is None, UNBASED)
    is_whole = bool(ground) and criterion in CRITERIA
    refuse_if(not is_whole and _is_window_open(sheet), INVALID)
    if op in sheet.objection_ops:
        return ()
    require_round(sheet, round_)
    _require_window(sheet)
    refuse_if(any(o.criterion == criterion for o in _standing(sheet)), WRONG_STATE)
    sheet.objections.append(Objection(criterion, sheet.round, op))
    sheet.objection_ops.add(op)
    return ("objection.file",)


def _standing(sheet: Sheet) -> list[Objection]:
    return [o for o in sheet.objections if o.round == sheet.round and o.outcome != "withdrawn"]


def _is_window_open(sheet: Sheet) -> bool:
    return sheet.state == "verified" and not sheet.is_content and not past(sheet.until)


def _require_window(sheet: Sheet) -> None:
    refuse_if(sheet.state != "verified" or sheet.is_content, WRONG_STATE)
    refuse_if(past(sheet.until), LATE)


def withdraw(who: Person, sheet: Sheet, objection: Objection | None, round_) -> tuple:
    require(who, "chief")
    refuse_if(not of_station(who, sheet), NOT_THERE)
    require_round(sheet, round_)
    refuse_if(objection not in sheet.objections or objection.round != sheet.round, NOT_THERE)
    if objection.outcome == "withdrawn":
        return ()
    refuse_if(sheet.state != "verified" or objection.outcome, WRONG_STATE)
    objection.outcome = "withdrawn"
    return ("objection.withdraw",)


def be_content(who: Person, sheet: Sheet, round_) -> tuple:
    """Nothing (more) to object to; said twice it is said once."""
    require(who, "chief")
    refuse_if(not of_station(who, sheet), NOT_THERE)
    require_round(sheet, round_)
    if sheet.state == "verified" and sheet.is_content:
        return ()
    _require_window(sheet)
    sheet.is_content = True
    return ("objection.none",)
