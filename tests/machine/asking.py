"""What a station says and asks beside its figures, and what the bureau answers it."""

from .bureau import require_no_part, require_reach, require_verifiable, say
from .paper import (
    CONTRADICTION,
    CRITERIA,
    INVALID,
    LOCKED,
    NOT_THERE,
    UNBASED,
    WRONG_STATE,
    Exemption,
    Person,
    Remark,
    Sheet,
    refuse_if,
)
from .people import of_station, require
from .station import FILLING, is_kept, require_open, require_round, using


def explain(who: Person, name: str, sheet: Sheet, check, text: str, round_) -> tuple:
    """In one round the last word stands; the same word again is no word."""
    require(who, *FILLING)
    refuse_if(not of_station(who, sheet), NOT_THERE)
    require_round(sheet, round_)
    require_open(sheet)
    refuse_if(not text, INVALID)
    refuse_if(check != CONTRADICTION or not sheet.contradicts(), WRONG_STATE)
    said, already = Remark(text, sheet.figures(), name), sheet.remarks.get((sheet.round, check))
    if already and already[:2] == said[:2]:
        return ()
    sheet.remarks[sheet.round, check] = said
    return ("assessment.explain",)


def ask(who: Person, name: str, sheet: Sheet, criterion, reason: str, round_, op) -> tuple:
    """Ask that a criterion is left out; one request at a time, and none for what is left out already."""
    require(who, *FILLING)
    refuse_if(not of_station(who, sheet), NOT_THERE)
    refuse_if(round_ is None or op is None, UNBASED)
    if any(each.op == op for each in sheet.exemptions):
        return ()
    require_round(sheet, round_)
    require_open(sheet)
    refuse_if(criterion not in CRITERIA or not reason, INVALID)
    refuse_if(is_kept(sheet, {criterion}), LOCKED)
    standing = {each.criterion for each in sheet.exemptions if each.outcome in ("", "approved")}
    refuse_if(criterion in standing, WRONG_STATE)
    sheet.exemptions.append(Exemption(criterion, sheet.round, op, reason))
    sheet.workers.add(name)
    return ("exemption.request",)


def take_back(who: Person, sheet: Sheet, exemption: Exemption | None, round_) -> tuple:
    """Taken back twice it is taken back once; what the bureau has decided stays decided."""
    require(who, *FILLING)
    refuse_if(not of_station(who, sheet), NOT_THERE)
    _require_named(sheet, exemption, round_)
    if exemption.outcome == "withdrawn":
        return ()
    require_open(sheet)
    refuse_if(exemption.outcome, WRONG_STATE)
    refuse_if(is_kept(sheet, {exemption.criterion}), LOCKED)
    exemption.outcome = "withdrawn"
    return ("exemption.withdraw",)


def grant(who: Person, name: str, sheet: Sheet, exemption: Exemption | None, round_) -> tuple:
    """Its own figures become not applicable; those that others look at too stay, and may keep it in."""
    _require_undecided(who, name, sheet, exemption, round_)
    spared = {each.criterion for each in sheet.exemptions if each.outcome == "approved"} | {exemption.criterion}
    own = [metric for metric in CRITERIA[exemption.criterion] if using(metric) <= spared]
    refuse_if(not own and sheet.applies(exemption.criterion), WRONG_STATE)
    for metric in own:
        sheet.state = "verifying"
        sheet.write("verified", metric, None, "na")
        for criterion in using(metric):
            say(sheet, criterion, "changed", name)
    exemption.outcome = "approved"
    return (*["assessment.change"] * len(own), "exemption.approve")


def refuse(who: Person, name: str, sheet: Sheet, exemption: Exemption | None, why: str, round_) -> tuple:
    _require_undecided(who, name, sheet, exemption, round_)
    refuse_if(not why, INVALID)
    exemption.outcome = "declined"
    return ("exemption.decline",)


def _require_undecided(who: Person, name: str, sheet: Sheet, exemption: Exemption | None, round_) -> None:
    require_reach(who, sheet)
    require_no_part(name, sheet)
    _require_named(sheet, exemption, round_)
    require_verifiable(sheet)
    refuse_if(exemption.outcome, WRONG_STATE)


def _require_named(sheet: Sheet, exemption: Exemption | None, round_) -> None:
    require_round(sheet, round_)
    refuse_if(exemption is None, UNBASED)
    refuse_if(all(exemption is not each for each in sheet.exemptions), NOT_THERE)
