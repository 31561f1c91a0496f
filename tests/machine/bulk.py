"""Many figures in one act: carried forward from the quarter before, or brought in from the offline sheet."""

from dataclasses import replace
from typing import NamedTuple

from .paper import (
    INVALID,
    LOCKED,
    METRICS,
    NO_EVIDENCE,
    NOT_THERE,
    STALE,
    UNBASED,
    Person,
    Photo,
    Refusal,
    Sheet,
    refuse_if,
)
from .people import of_station, require
from .station import FILLING, is_kept, require_open, require_round, using


def offers(sheet: Sheet, known: dict) -> dict[str, tuple]:
    """{metric: (value, state)} of what is unanswered, open, and known from the registers or the quarter before."""
    blank = [m for m in METRICS if sheet.fact("self", m).state == "missing" and not is_kept(sheet, using(m))]
    found = {m: (known[m], "answered") if m in known else sheet.before.get(m, (None, "missing")) for m in blank}
    return {metric: said for metric, said in found.items() if said[0] is not None}


def text(value) -> str:
    """As a page shows it and sends it back; all figures here are whole."""
    return str(int(value))


def carry(who: Person, name: str, sheet: Sheet, shown: dict[str, str], files: list[Photo], known: dict, op) -> tuple:
    """What somebody has answered or proved meanwhile stays; another value than was shown is not applied."""
    require(who, *FILLING)
    refuse_if(not of_station(who, sheet), NOT_THERE)
    refuse_if(op is None, UNBASED)
    refuse_if(any(all(file is not each for each in sheet.earlier) for file in files), INVALID)
    if any(done == op and (what in METRICS or what in [file.key for file in files]) for done, what in sheet.ops):
        return ()
    require_open(sheet)
    refuse_if(set(shown) - set(METRICS), INVALID)
    chosen = {metric: said for metric, said in offers(sheet, known).items() if metric in shown}
    refuse_if(any(text(value) != shown[metric] for metric, (value, _state) in chosen.items()), STALE)
    again = [file for file in files if _is_wanted(sheet, file.criterion)]
    for metric, said in chosen.items():
        _write(sheet, name, metric, said, op)
    for file in again:
        sheet.ops.add((op, file.key))
        sheet.workers.add(name)
        sheet.photos.append(replace(file, key=None))
    return ("evidence.reuse",) * len(again)


def _is_wanted(sheet: Sheet, criterion: str) -> bool:
    """Does it take photos, has it none, is it open and not left out?"""
    spared = any(each.criterion == criterion and each.outcome == "approved" for each in sheet.exemptions)
    takes_none = criterion in NO_EVIDENCE or is_kept(sheet, {criterion})
    return not (takes_none or sheet.photos_of(criterion) or spared)


class Entry(NamedTuple):
    """`value` as station.save has it; `version` is what the file was made from."""

    metric: str
    value: object
    state: str
    version: int


def bring(who: Person, name: str, sheet: Sheet, entries: list[Entry], round_, op) -> tuple:
    """Each figure by itself: the others stand when one is refused, and the first refusal is the answer."""
    require(who, *FILLING)
    refuse_if(not of_station(who, sheet), NOT_THERE)
    refuse_if({entry.metric for entry in entries} - set(METRICS), INVALID)
    refuse_if(round_ is None or op is None, UNBASED)
    waiting = [entry for entry in entries if (op, entry.metric) not in sheet.ops]
    if not waiting:
        return ()
    require_round(sheet, round_)
    require_open(sheet)
    left = [refusal for entry in waiting if (refusal := _left(sheet, entry))]
    for entry in waiting:
        if not _left(sheet, entry):
            _write(sheet, name, entry.metric, _said(entry), op)
    if left:
        raise Refusal(*left[0])
    return ()


def _left(sheet: Sheet, entry: Entry) -> tuple[int, str] | None:
    if is_kept(sheet, using(entry.metric)):
        return LOCKED
    if isinstance(entry.value, str):
        return INVALID
    return STALE if entry.version != sheet.fact("self", entry.metric).times else None


def _said(entry: Entry) -> tuple:
    return entry.value, "missing" if entry.value is None else entry.state


def _write(sheet: Sheet, name: str, metric: str, said: tuple, op) -> None:
    sheet.ops.add((op, metric))
    sheet.workers.add(name)
    sheet.write("self", metric, *said)
