"""What a bureau's people may do: verify, return, extend, answer objections, confirm, publish, correct."""

from datetime import datetime

from .paper import (
    AGAIN,
    BELOW,
    CRITERIA,
    INCOMPLETE,
    INVALID,
    MAY_NOT,
    METRICS,
    NOT_THERE,
    OTHER_PERSON,
    OWN_WORK,
    STALE,
    UNBASED,
    WINDOW,
    WRONG_STATE,
    Fact,
    Objection,
    Person,
    Reopening,
    Sheet,
    Word,
    past,
    refuse_if,
)
from .people import oversees, require
from .station import require_round


def require_reach(who: Person, sheet: Sheet) -> None:
    require(who, "reviewer")
    refuse_if(not oversees(who, sheet), NOT_THERE)


def require_no_part(name: str, sheet: Sheet) -> None:
    """Nobody judges what the same person entered."""
    refuse_if(sheet.worked(name), OWN_WORK)


def require_verifiable(sheet: Sheet) -> None:
    refuse_if(sheet.state not in ("submitted", "verifying"), WRONG_STATE)


def say(sheet: Sheet, criterion: str, outcome: str, name: str) -> None:
    sheet.words[sheet.round, criterion] = Word(outcome, name, sheet.seen(criterion))


def change(who: Person, name: str, sheet: Sheet, metric, value, state: str, reason: str, version, round_, op) -> tuple:
    """`state` is "answered" with a value, "na", or "self" for as the station said."""
    require_reach(who, sheet)
    refuse_if(version is None or op is None or round_ is None, UNBASED)
    refuse_if(metric not in METRICS, INVALID)
    refuse_if(state == "answered" and (value is None or isinstance(value, str)), INVALID)
    refuse_if(not reason, INVALID)
    require_no_part(name, sheet)
    if (op, metric) in sheet.ops:
        return ()
    require_round(sheet, round_)
    require_verifiable(sheet)
    refuse_if(version != sheet.fact("verified", metric).times, STALE)
    sheet.ops.add((op, metric))
    sheet.state = "verifying"
    sheet.write("verified", metric, *_meant(value, state))
    for criterion, used in CRITERIA.items():
        if metric in used:
            say(sheet, criterion, "changed", name)
    return ("assessment.change",)


def _meant(value, state: str) -> tuple:
    return {"answered": (value, "answered"), "na": (None, "na"), "self": (None, "missing")}[state]


def accept(who: Person, name: str, sheet: Sheet, criteria, round_) -> tuple:
    require_reach(who, sheet)
    require_no_part(name, sheet)
    require_round(sheet, round_)
    refuse_if(not criteria or not set(criteria) <= set(CRITERIA), INVALID)
    require_verifiable(sheet)
    sheet.state = "verifying"
    for criterion in criteria:
        said = sheet.words.get((sheet.round, criterion))
        if said is None or said.outcome != "changed":
            say(sheet, criterion, "accepted", name)
    return ("assessment.accept",)


def send_back(who: Person, name: str, sheet: Sheet, reason: str, items, due: datetime, round_) -> tuple:
    """The station answers the named criteria anew: what the bureau changed or let go in them is withdrawn."""
    require_reach(who, sheet)
    refuse_if(not set(items) <= set(CRITERIA), INVALID)
    refuse_if(round_ is None, UNBASED)
    refuse_if(not reason or past(due), INVALID)
    require_no_part(name, sheet)
    require_round(sheet, round_)
    refuse_if(sheet.is_corrected, WRONG_STATE)
    require_verifiable(sheet)
    for criterion in items:
        say(sheet, criterion, "returned", name)
    for metric in {m for criterion in items for m in CRITERIA[criterion]}:
        if sheet.fact("verified", metric).state != "missing":
            sheet.write("verified", metric, None, "missing")
    sheet.round, sheet.state, sheet.due = sheet.round + 1, "returned", due
    spared = [each for each in sheet.exemptions if each.criterion in items and each.outcome == "approved"]
    for each in spared:
        each.outcome = "declined"
    return ("assessment.return", *["exemption.decline"] * len(spared))


def finish(who: Person, name: str, sheet: Sheet, round_) -> tuple:
    require_reach(who, sheet)
    require_no_part(name, sheet)
    require_round(sheet, round_)
    require_verifiable(sheet)
    refuse_if(any((sheet.round, c) not in sheet.words for c in CRITERIA if sheet.applies(c)), INCOMPLETE)
    refuse_if(sheet.undecided(), INCOMPLETE)
    sheet.state, sheet.is_content = "verified", False
    sheet.until = datetime.now(sheet.due.tzinfo) + WINDOW
    return ("assessment.verified",)


def extend(who: Person, name: str, sheet: Sheet, due: datetime, reason: str, round_, op) -> tuple:
    require_reach(who, sheet)
    refuse_if(round_ is None or op is None, UNBASED)
    if not reason or past(due):
        refuse_if(True, INVALID if sheet.is_open else WRONG_STATE)
    require_no_part(name, sheet)
    if op in sheet.extensions:
        return ()
    require_round(sheet, round_)
    refuse_if(not sheet.is_open, WRONG_STATE)
    refuse_if(due <= sheet.due, INVALID)
    sheet.due = due
    sheet.extensions.add(op)
    return ("assessment.extend",)


def latest(sheet: Sheet, criterion) -> Objection | None:
    """The objection to a criterion that an answer is about: one that stands before one that was withdrawn."""
    here = [o for o in sheet.objections if (o.round, o.criterion) == (sheet.round, criterion)]
    return next((o for o in here if o.outcome != "withdrawn"), here[-1] if here else None)


def corrections(sheet: Sheet, wanted: dict[str, tuple]) -> dict[str, tuple]:
    """{metric: (value, state)} to be written so that `wanted` holds; what the station itself said clears a change."""
    told = {}
    for metric, said in wanted.items():
        aim = (None, "missing") if _alike(said, sheet.fact("self", metric)) else said
        if not _alike(aim, sheet.fact("verified", metric)):
            told[metric] = aim
    return told


def _alike(said: tuple, fact: Fact) -> bool:
    plain = {"estimated": "answered"}
    return (said[0], plain.get(said[1], said[1])) == (fact.value, plain.get(fact.state, fact.state))


def decide(who: Person, name: str, sheet: Sheet, criterion, outcome: str, answer: str, wanted, seen, round_) -> tuple:
    """`wanted` are the facts as they are right, {metric: (value, state)}; `seen` is "right", "other" or None."""
    require_reach(who, sheet)
    objection = latest(sheet, criterion)
    refuse_if(objection is None, NOT_THERE)
    refuse_if(round_ is None, UNBASED)
    said = sheet.words.get((sheet.round, criterion))
    is_own = said is not None and said.by == name
    told = corrections(sheet, wanted) if outcome == "upheld" else {}
    if not objection.outcome and not is_own:
        refuse_if(not answer or outcome not in ("upheld", "dismissed"), INVALID)
        refuse_if(outcome == "upheld" and not told, INVALID)
    require_no_part(name, sheet)
    require_round(sheet, round_)
    if objection.outcome and objection.said == (outcome, answer, name):
        return ()
    refuse_if(objection.outcome or sheet.state != "verified", WRONG_STATE)
    refuse_if(is_own, OTHER_PERSON)
    refuse_if(told and seen is None, UNBASED)
    refuse_if(told and seen != "right", STALE)
    for metric, cell in told.items():
        sheet.write("verified", metric, *cell)
    objection.outcome, objection.said = outcome, (outcome, answer, name)
    return ("objection.decide",)


def confirm(who: Person, name: str, sheet: Sheet, round_) -> tuple:
    """Not while the chief may object, nor while an objection waits."""
    require_reach(who, sheet)
    require_no_part(name, sheet)
    require_round(sheet, round_)
    refuse_if(sheet.state != "verified" or sheet.waiting(), WRONG_STATE)
    refuse_if(not sheet.is_content and not past(sheet.until), WRONG_STATE)
    sheet.state = "confirmed"
    return ("assessment.confirm",)


def covered(sheets: list[Sheet], versions: dict[str, int], bureau: str) -> list[Sheet]:
    """What a bureau would publish: all of its own publication, else all below it that nobody has published."""
    below = [sheet for sheet in sheets if sheet.bureau in BELOW[bureau]]
    if bureau in versions:
        return [sheet for sheet in below if sheet.rank_of and sheet.rank_of[0] == bureau]
    return [sheet for sheet in below if sheet.rank_of is None]


def publish(who: Person, sheets: list[Sheet], versions: dict[str, int], bureau: str, is_sure: bool) -> tuple:
    require(who, "reviewer")
    refuse_if(not who.is_fresh, AGAIN)
    refuse_if(bureau not in BELOW.get(who.place, ()) or not is_sure, INVALID)
    mine = covered(sheets, versions, bureau)
    refuse_if(all(sheet.state == "published" for sheet in mine), WRONG_STATE)
    refuse_if(any(_is_waited_for(sheet) for sheet in mine), INCOMPLETE)
    versions[bureau] = versions.get(bureau, 0) + 1
    for sheet in mine:
        sheet.had_result = sheet.had_result or sheet.state == "confirmed"
        sheet.state, sheet.rank_of = "published", (bureau, versions[bureau])
    return ("period.publish",)


def _is_waited_for(sheet: Sheet) -> bool:
    return sheet.state in ("submitted", "verifying", "verified") or (sheet.is_open and not past(sheet.due))


def ask_reopening(who: Person, name: str, sheet: Sheet, reason: str, round_) -> tuple:
    require_reach(who, sheet)
    require_round(sheet, round_)
    refuse_if(not reason, INVALID)
    refuse_if(sheet.state != "published" or not sheet.had_result or sheet.asked(), WRONG_STATE)
    sheet.reopenings.append(Reopening(name))
    return ("reopening.request",)


def approve(who: Person, name: str, sheet: Sheet, reopening: Reopening | None) -> tuple:
    """Back to verification in a new round; every word of the round that was published still holds."""
    require(who, "reviewer")
    refuse_if(not who.is_fresh, AGAIN)
    _require_undecided(who, name, sheet, reopening)
    reopening.decision = "approved"
    for (round_, criterion), word in list(sheet.words.items()):
        if round_ == sheet.round and word.outcome != "returned":
            sheet.words[round_ + 1, criterion] = word
    sheet.round, sheet.state, sheet.until, sheet.is_content = sheet.round + 1, "verifying", None, False
    return ("reopening.approve",)


def decline(who: Person, name: str, sheet: Sheet, reopening: Reopening | None, why: str) -> tuple:
    _require_undecided(who, name, sheet, reopening)
    refuse_if(not why, INVALID)
    reopening.decision = "declined"
    return ("reopening.decline",)


def _require_undecided(who: Person, name: str, sheet: Sheet, reopening: Reopening | None) -> None:
    require_reach(who, sheet)
    require_no_part(name, sheet)
    refuse_if(reopening is None, UNBASED)
    refuse_if(reopening not in sheet.reopenings or bool(reopening.decision), WRONG_STATE)
    refuse_if(reopening.by == name, MAY_NOT)
