"""What the registers of a station were: every save with its old and new values, and all of them on a day.

history.saves(station, "staffing")     # newest first
history.on(station, day)               # [Section(title, [(label, value)])] as they stood at the end of that day
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.models import Event
from stations import registers
from stations.forms.equipment import EquipmentPage
from stations.forms.funding import FundingForm
from stations.forms.profile import ProfileForm
from stations.forms.rows import words
from stations.forms.zone import ZonePage
from stations.kinds import EquipmentKind, RoomKind, ZoneKind
from stations.models import Equipment, FunctionalZone, Funding, Room, Station
from stationstd.templatetags.display import number

from .forms.staffing import StaffingForm
from .models import Staffing, Training

_MODELS = {"profile": Station, "equipment": Equipment, "funding": Funding, "staffing": Staffing, "training": Training}
_TRAINING = ("held_on", "topic", "days", "participants")
_ALWAYS = ("kind", "quantity", "topic")  # what a stored room, kind of equipment or training always has
_NAMING = ("kind", "name", "topic")


class Section(NamedTuple):
    """One register: what it is called, and (label, value) of its entries, in words."""

    title: str
    lines: list[tuple[str, str]]


def titles() -> dict[str, str]:
    """{register as a page is named: what people call it}. Of funding all years together."""
    zones = {f"zone {kind.value}": kind.label for kind in ZoneKind}
    return {
        "profile": _("Area and premises"),
        **zones,
        "equipment": _("Equipment"),
        "funding": _("Funding"),
        "staffing": _("Staffing"),
        "training": _("Training"),
    }


def title(register: str) -> str:
    """What people call the register of an event: "funding 2026" as well as "staffing"."""
    kind, _space, year = register.partition(" ")
    return f"{titles()['funding']} {year}" if kind == "funding" and year else titles().get(register, register)


def saves(station, register: str = "") -> QuerySet[Event]:
    """The saves of this register, newest first; "" means of all. `register` is a key of titles()."""
    found = Event.objects.filter(chain=registers.chain(station), action=registers.ACTION).select_related("by")
    if register == "funding":
        return found.filter(detail__register__startswith="funding ")
    return found.filter(detail__register=register) if register else found


def changes(event: Event) -> list[tuple[str, str, str]]:
    """(label, old, new) of one save, in words."""
    register, changed = event.detail["register"], event.detail["changed"]
    return described(register, changed, {key: new if new is not None else old for key, (old, new) in changed.items()})


def described(register: str, changed: dict, rows: dict) -> list[tuple[str, str, str]]:
    """(label, old, new) of {key: [old, new]}, in words, where they differ; `rows` name rooms and trainings.

    What came or went as a whole (a room, a training) is one line.
    """
    names, told = _names(rows), []
    for owner, columns in _by_owner(dict(sorted(changed.items()))).items():
        pairs = [columns[column] for column in _ALWAYS if column in columns]
        if owner and any(None in pair for pair in pairs):
            old, new = ({column: pair[side] for column, pair in columns.items()} for side in (0, 1))
            before, after = (_summary(register, owner, side) for side in (old, new))
            told.append((_thing(register, owner, names), before, after))
            continue
        for key, (before, after) in ((_key(owner, column), pair) for column, pair in columns.items()):
            told.append((_label(register, key, names), _shown(key, before), _shown(key, after)))
    return [(label, old, new) for label, old, new in told if old != new]


def on(station, day: date) -> list[Section]:
    """Every register as it stood at the end of `day`: what stands there now, with the later saves taken back.

    What was there before the record began, or came without it, counts as having been there all along.
    """
    held = _now(station)
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    for event in saves(station).filter(at__gte=end):
        rows = held.setdefault(event.detail["register"], {})
        for key, (old, _new) in event.detail["changed"].items():
            rows[key] = old
    return [_section(register, rows) for register, rows in sorted(held.items(), key=_order)]


def _section(register: str, rows: dict) -> Section:
    """A line for each figure of the station or zone, one for each room, kind of equipment and training."""
    names, lines = _names(rows), []
    owners = _by_owner({key: value for key, value in rows.items() if value is not None})
    for owner, columns in sorted(owners.items(), key=_as_listed):
        if owner in ("", "zone"):
            keys = ((_key(owner, column), value) for column, value in columns.items())
            lines += [(_label(register, key, names), _shown(key, value)) for key, value in keys]
        else:
            lines.append((_thing(register, owner, names), _summary(register, owner, columns)))
    return Section(title(register), lines)


def _order(item: tuple[str, dict]):
    """As the registers stand on their page; of funding the newest year first."""
    kind, _space, year = item[0].partition(" ")
    known = list(titles())
    name = item[0] if item[0] in known else kind
    return known.index(name), -int(year) if kind == "funding" else 0


def _now(station) -> dict[str, dict]:
    """{register: its rows, flat}, as the pages themselves hold them."""
    pages = [ProfileForm(station), EquipmentPage(station), StaffingForm(station)]
    pages += [ZonePage(station, kind) for kind in ZoneKind]
    pages += [FundingForm(station, row.year) for row in station.funding.all()]
    held = {page.register: page.stored() for page in pages}
    held["training"] = {
        f"training {row.pk}.{column}": value
        for row in station.trainings.all()
        for column, value in model_to_dict(row, fields=_TRAINING).items()
    }
    return held


def _names(rows: dict) -> dict[str, str]:
    """{owner of keys: its name}: a room by its kind and name, a training by its topic."""
    found = {}
    for key in rows:
        owner, _dot, column = key.rpartition(".")
        if column == "kind" and rows[key] in RoomKind.values:
            called = rows.get(f"{owner}.name") or ""
            found[owner] = f"{RoomKind(rows[key]).label} {called}".strip()
        elif column == "topic":
            found[owner] = str(rows[key] or "")
    return found


def _as_listed(item: tuple[str, dict]) -> int:
    """Kinds of equipment and rooms stand as their pages offer them, everything else as it came."""
    owner, columns = item
    if owner in EquipmentKind.values:
        return EquipmentKind.values.index(owner)
    return RoomKind.values.index(columns["kind"]) if columns.get("kind") in RoomKind.values else -1


def _by_owner(flat: dict) -> dict[str, dict]:
    """{"room 3.name": value} as {"room 3": {"name": value}}; what belongs to the station itself under ""."""
    found: dict[str, dict] = {}
    for key, value in flat.items():
        owner, _dot, column = key.rpartition(".")
        found.setdefault(owner, {})[column] = value
    return found


def _key(owner: str, column: str) -> str:
    return f"{owner}.{column}" if owner else column


def _label(register: str, key: str, names: dict) -> str:
    owner, _dot, column = key.rpartition(".")
    said = _column_name(register, owner, column)
    return said if owner in ("", "zone") else f"{_thing(register, owner, names)} · {said}"


def _column_name(register: str, owner: str, column: str) -> str:
    return str(_model(register, owner)._meta.get_field(column).verbose_name)


def _model(register: str, owner: str):
    kind = register.partition(" ")[0]
    if kind == "zone":
        return FunctionalZone if owner == "zone" else Room
    return _MODELS[kind]


def _thing(register: str, owner: str, names: dict) -> str:
    """What a room, a kind of equipment or a training is called."""
    if register == "equipment":
        return str(EquipmentKind(owner).label)
    return names.get(owner) or _stored_name(owner)


def _summary(register: str, owner: str, columns: dict) -> str:
    """One thing in one line: what it has and how many, not what it lacks; "—" where it is not there."""
    if all(value is None for value in columns.values()):
        return words(None)
    ordered = [field.name for field in _model(register, owner)._meta.fields if field.name in columns]
    said = [_piece(register, owner, column, columns[column]) for column in ordered if column not in _NAMING]
    return " · ".join(filter(None, said)) or _("neither area nor fittings entered")


def _piece(register: str, owner: str, column: str, value) -> str:
    if value is None or value is False:
        return ""
    shown = _shown(column, value)
    if column == "held_on":
        return shown
    if column == "area_m2":
        return f"{shown} m²"
    name = _column_name(register, owner, column)
    return name if value is True else f"{name} {shown}"


def _stored_name(owner: str) -> str:
    """What a room or training is called now, where a save did not touch its name; its kind where it is gone."""
    kind, _space, number = owner.partition(" ")
    model = Training if kind == "training" else Room
    found = model.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    if isinstance(found, Training):
        return found.topic
    return str(found) if found else str(_("Training") if model is Training else _("Room"))


def _shown(key: str, value) -> str:
    column = key.rpartition(".")[2]
    if column == "kind" and value in RoomKind.values:
        return RoomKind(value).label
    if column == "held_on" and value:
        day = value if isinstance(value, date) else parse_date(value)
        return date_format(day, "DATE_FORMAT") if day else str(value)
    is_amount = column in ("area_m2", "days") or column.endswith("_yuan")  # the record keeps them as texts
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return number(value) if is_count or (is_amount and value is not None) else words(value)
