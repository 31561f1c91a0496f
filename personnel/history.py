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

from .forms.staffing import StaffingForm
from .models import Staffing, Training

_MODELS = {"profile": Station, "equipment": Equipment, "funding": Funding, "staffing": Staffing, "training": Training}
_TRAINING = ("held_on", "topic", "days", "participants")


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
    """(label, old, new) of {key: [old, new]}, in words, where they differ; `rows` name rooms and trainings."""
    names = _names(rows)
    told = [(key, _shown(key, old), _shown(key, new)) for key, (old, new) in sorted(changed.items())]
    return [(_label(register, key, names), old, new) for key, old, new in told if old != new]


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
    names = _names(rows)
    lines = [(_label(register, key, names), _shown(key, value)) for key, value in rows.items() if value is not None]
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


def _label(register: str, key: str, names: dict) -> str:
    owner, _dot, column = key.rpartition(".")
    kind = register.partition(" ")[0]
    if kind == "zone":
        model = FunctionalZone if owner == "zone" else Room
    else:
        model = _MODELS[kind]
    said = str(model._meta.get_field(column).verbose_name)
    if owner in ("", "zone"):
        return said
    if kind == "equipment":
        return f"{EquipmentKind(owner).label} · {said}"
    return f"{names.get(owner) or _stored_name(owner)} · {said}"


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
    return words(value)
