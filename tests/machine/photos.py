"""What a station's people may do with evidence: add, describe, turn, put in order, use again, remove."""

from dataclasses import replace

from .paper import CRITERIA, INVALID, LOCKED, NOT_THERE, NOTHING_THERE, Person, Photo, Sheet, refuse_if
from .people import of_station, require
from .station import FILLING, is_kept, require_open

UNREADABLE = {"caption": (), "valid_until": ("soon",), "turns": ("4", ""), "place": ("0", "")}


def add(who: Person, name: str, sheet: Sheet, criterion, digest, caption: str) -> tuple:
    """The same file again is the same evidence, whatever is said of it then."""
    require(who, *FILLING)
    refuse_if(not of_station(who, sheet), NOT_THERE)
    refuse_if(criterion not in CRITERIA, INVALID)
    _require_changeable(sheet, criterion)
    if any(photo.digest == digest for photo in sheet.photos_of(criterion)):
        return ()
    sheet.workers.add(name)
    sheet.photos.append(Photo(criterion, digest, caption=caption))
    return ("evidence.add",)


def remove(who: Person, sheet: Sheet, photo: Photo) -> tuple:
    _require_one(who, sheet, photo)
    _require_changeable(sheet, photo.criterion)
    photo.is_there = False
    return ("evidence.remove",)


def describe(who: Person, sheet: Sheet, photo: Photo, said: dict[str, str]) -> tuple:
    """`said` is what was typed of caption, valid_until, turns and place; what is not named stays."""
    _require_one(who, sheet, photo)
    refuse_if(not said or any(typed in UNREADABLE[word] for word, typed in said.items()), INVALID)
    _require_changeable(sheet, photo.criterion)
    refuse_if(said.get("turns", "0") != "0" and not photo.is_picture, INVALID)
    before = sheet.photos_of(photo.criterion), photo.shown
    photo.caption = said.get("caption", photo.caption)
    photo.until = said.get("valid_until", photo.until)
    photo.turns = int(said.get("turns", photo.turns))
    if "place" in said:
        _move(sheet, photo, int(said["place"]))
    is_changed = before != (sheet.photos_of(photo.criterion), photo.shown)
    return ("evidence.change",) if is_changed else ()


def _move(sheet: Sheet, photo: Photo, place: int) -> None:
    """Beyond the last is last."""
    here = [each for each in sheet.photos_of(photo.criterion) if each is not photo]
    here.insert(place - 1, photo)
    sheet.photos = [each for each in sheet.photos if all(each is not one for one in here)] + here


def reuse(who: Person, name: str, sheet: Sheet, criterion) -> tuple:
    """What stood there last quarter and is not there already."""
    require(who, *FILLING)
    refuse_if(not of_station(who, sheet), NOT_THERE)
    _require_changeable(sheet, criterion)
    here = {photo.digest for photo in sheet.photos_of(criterion)}
    offered = [photo for photo in sheet.earlier if photo.criterion == criterion and photo.digest not in here]
    refuse_if(not offered, NOTHING_THERE)
    sheet.photos += [replace(photo, key=None) for photo in offered]
    sheet.workers.add(name)
    return ("evidence.reuse",) * len(offered)


def _require_one(who: Person, sheet: Sheet, photo: Photo) -> None:
    require(who, *FILLING)
    refuse_if(not of_station(who, sheet) or not photo.is_there, NOT_THERE)


def _require_changeable(sheet: Sheet, criterion) -> None:
    require_open(sheet)
    refuse_if(is_kept(sheet, {criterion}), LOCKED)
