"""The five registers as workbooks.

book = registerbooks.BOOKS["staffing"](station)
book.cells()             # {sheet: rows of cells} as the register stands, heads in the first row
book.read(cells)         # -> Said: the pages with what was written into them, and cells that nobody can read
"""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personnel.forms.staffing import StaffingForm
from personnel.forms.training import TrainingForm
from personnel.models import Staffing, Training
from stations.completeness import STAFFING_FIELDS
from stations.forms import equipment as things
from stations.forms.funding import FundingForm
from stations.forms.zone import FITTINGS, MOST_ROOMS, ZoneForm, ZonePage
from stations.kinds import ROOMS_OF_ZONE, EquipmentKind, ZoneKind
from stations.models import Equipment, FunctionalZone, Funding, Room

from .registerbook import (
    NO,
    YES,
    Book,
    Column,
    Entry,
    Fault,
    Row,
    Said,
    Sheet,
    choice,
    data_of,
    in_both,
    label_of,
    yes_no,
)

_NEITHER = gettext_lazy("Write yes or no.")
_NO_ROW = gettext_lazy("No such row, or it is here twice. Leave the first column as it is.")


class StaffingBook(Book):
    sheets = (
        Sheet(
            gettext_lazy("Staffing"),
            (Column("field", gettext_lazy("Field"), 34), Column("value", gettext_lazy("Value"))),
            1,
        ),
    )

    def lines(self):
        row = Staffing.objects.filter(station=self.station).first()
        return [[[str(label_of(Staffing, name)), getattr(row, name, None)] for name in STAFFING_FIELDS]]

    def read(self, cells):
        row = Staffing.objects.filter(station=self.station).first()
        data, places, faults = {name: getattr(row, name, None) for name in STAFFING_FIELDS}, {}, []
        for line in self.rows(self.sheets[0], cells):
            words = line.values["field"]
            name = next((each for each in STAFFING_FIELDS if words in in_both(label_of(Staffing, each))), None)
            if name is None or name in places:
                faults.append(line.fault("field", str(_NO_ROW)))
                continue
            data[name], places[name] = line.values["value"], line.place("value")
        return Said([Entry(StaffingForm(self.station, data_of(data)), places)], faults)


class EquipmentBook(Book):
    sheets = (
        Sheet(
            gettext_lazy("Equipment"),
            (
                Column("kind", gettext_lazy("Equipment"), 30),
                *(Column(name, label_of(Equipment, name), 18) for name in things.COLUMNS),
            ),
            1,
        ),
    )

    def lines(self):
        held = {row.kind: row for row in self.station.equipment.all()}
        return [
            [
                [str(kind.label), *(getattr(held.get(kind.value), name, None) for name in things.COLUMNS)]
                for kind in EquipmentKind
            ]
        ]

    def read(self, cells):
        held = {row.kind: row for row in self.station.equipment.all()}
        data = {f"{kind}-{name}": getattr(row, name) for kind, row in held.items() for name in things.COLUMNS}
        places, faults = {}, []
        for line in self.rows(self.sheets[0], cells):
            kind = choice(line.values["kind"], EquipmentKind)
            if kind is None or f"{kind.value}-quantity" in places:
                faults.append(line.fault("kind", str(_NO_ROW)))
                continue
            for name in things.COLUMNS:
                data[f"{kind.value}-{name}"] = line.values[name]
                places[f"{kind.value}-{name}"] = line.place(name)
        return Said([Entry(things.EquipmentPage(self.station, data_of(data)), places)], faults)


class FundingBook(Book):
    names = FundingForm._meta.fields
    sheets = (
        Sheet(
            gettext_lazy("Funding"),
            (
                Column("year", label_of(Funding, "year"), 8),
                *(Column(name, label_of(Funding, name), 20) for name in names),
            ),
        ),
    )

    def lines(self):
        return [[[row.year, *(getattr(row, name) for name in self.names)] for row in self.station.funding.all()]]

    def read(self, cells):
        entries, faults, seen = [], [], set()
        for line in self.rows(self.sheets[0], cells):
            year = line.values["year"]
            if not (year.isascii() and year.isdigit() and len(year) == 4 and 1990 <= int(year) <= 2100):
                faults.append(line.fault("year", _("Enter a year, for example 2026.")))
            elif year in seen:
                faults.append(line.fault("year", _("This stands in a row above already. Keep one of them.")))
            else:
                seen.add(year)
                page = FundingForm(self.station, int(year), data_of({name: line.values[name] for name in self.names}))
                entries.append(Entry(page, {name: line.place(name) for name in self.names}))
        return Said(entries, faults)


class TrainingBook(Book):
    names = TrainingForm._meta.fields
    sheets = (
        Sheet(
            gettext_lazy("Training"),
            tuple(Column(name, label_of(Training, name), 40 if name == "topic" else 14) for name in names),
        ),
    )

    def lines(self):
        return [[[getattr(row, name) for name in self.names] for row in self.station.trainings.all()]]

    def read(self, cells):
        """Rows of the same day and topic change the training that is there; others are new; none is taken off."""
        held, entries, faults, seen = defaultdict(list), [], [], set()
        for row in self.station.trainings.order_by("-pk"):
            held[row.held_on.isoformat(), row.topic].append(row)
        for line in self.rows(self.sheets[0], cells):
            key = line.values["held_on"], line.values["topic"]
            row = held[key].pop() if held[key] else None
            if row is None and key in seen:
                faults.append(line.fault("topic", _("This stands in a row above already. Keep one of them.")))
                continue
            seen.add(key)
            page = TrainingForm(self.station, row, data_of(line.values))
            entries.append(Entry(page, {name: line.place(name) for name in self.names}))
        return Said(entries, faults)


_YES_NO = (YES, NO)
_ZONE = Sheet(
    gettext_lazy("Zones"),
    (
        Column("zone", gettext_lazy("Zone"), 20),
        Column("is_present", gettext_lazy("The station has this zone"), 16, _YES_NO),
        Column("boundaries", label_of(FunctionalZone, "boundaries"), 18),
        Column("boundaries_controlled", label_of(FunctionalZone, "boundaries_controlled"), 24),
        Column("is_closed_line", label_of(FunctionalZone, "is_closed_line"), 22, _YES_NO),
    ),
    1,
)
_ROOM = Sheet(
    gettext_lazy("Rooms"),
    (
        Column("zone", gettext_lazy("Zone"), 20, tuple(kind.label for kind in ZoneKind)),
        Column("kind", label_of(Room, "kind"), 26),
        Column("name", label_of(Room, "name"), 18),
        Column("area_m2", label_of(Room, "area_m2"), 10),
        *(Column(name, label_of(Room, name), 12, _YES_NO) for name in FITTINGS),
    ),
)


class ZonesBook(Book):
    sheets = (_ZONE, _ROOM)

    def lines(self):
        zones = {zone.kind: zone for zone in self.station.zones.prefetch_related("rooms")}
        names = [column.key for column in _ZONE.columns[1:]]
        first = [
            [str(kind.label), *(_word(getattr(zones.get(kind.value), name, None)) for name in names)]
            for kind in ZoneKind
        ]
        names = [column.key for column in _ROOM.columns[2:]]
        rooms = [
            [str(kind.label), str(room.get_kind_display()), *(_word(getattr(room, name)) for name in names)]
            for kind in ZoneKind
            for room in (zones[kind.value].rooms.all() if kind.value in zones else ())
        ]
        return [first, rooms]

    def read(self, cells):
        faults: list[Fault] = []
        zones = self._zones(cells, faults)
        rooms = self._rooms(cells, faults)
        held = {zone.kind: zone for zone in self.station.zones.prefetch_related("rooms")}
        entries = [
            self._entry(kind, zones.get(kind), rooms[kind], held.get(kind.value))
            for kind in ZoneKind
            if kind in zones or rooms[kind]
        ]
        return Said(entries, faults)

    def _zones(self, cells, faults) -> dict[ZoneKind, Row]:
        """Rows that say more than the name of the zone."""
        found = {}
        for line in self.rows(_ZONE, cells):
            kind = choice(line.values["zone"], ZoneKind)
            if kind is None or kind in found:
                faults.append(line.fault("zone", str(_NO_ROW)))
            elif any(value for key, value in line.values.items() if key != "zone"):
                found[kind] = self._answered(line, ("is_present", "is_closed_line"), faults)
        return found

    def _rooms(self, cells, faults) -> dict[ZoneKind, list[Row]]:
        found = defaultdict(list)
        for line in self.rows(_ROOM, cells):
            zone = choice(line.values["zone"], ZoneKind)
            kind = zone and choice(line.values["kind"], ROOMS_OF_ZONE[zone])
            if zone is None:
                faults.append(line.fault("zone", _("No such zone. Choose one of the list.")))
            elif kind is None:
                names = _(", ").join(str(each.label) for each in ROOMS_OF_ZONE[zone])
                faults.append(line.fault("kind", _("This zone has no such room: %(names)s.") % {"names": names}))
            elif len(found[zone]) >= MOST_ROOMS:
                faults.append(
                    line.fault("zone", _("A zone can have at most %(most)s rooms here.") % {"most": MOST_ROOMS})
                )
            else:
                line.values["kind"] = kind.value
                found[zone].append(self._answered(line, FITTINGS, faults))
        return found

    def _answered(self, line: Row, keys, faults) -> Row:
        """The row with yes and no as the forms take them."""
        for key in keys:
            answer = yes_no(line.values[key])
            if answer is None:
                faults.append(line.fault(key, str(_NEITHER)))
            line.values[key] = answer or ""
        return line

    def _entry(self, kind: ZoneKind, line: Row | None, rooms: list[Row], held: FunctionalZone | None) -> Entry:
        names = [n for n in ZoneForm._meta.fields if n != "is_closed_line" or kind == ZoneKind.CASE_HANDLING]
        answers = line.values if line else _stored(held, names)
        data, places = {name: answers.get(name) for name in names}, {}
        if line:
            places = {name: line.place(name) for name in names}
        there = defaultdict(list)
        for room in sorted(held.rooms.all() if held else (), key=lambda each: -each.pk):
            there[room.kind, room.name].append(room)
        for number, row in enumerate(rooms):
            same = there[row.values["kind"], row.values["name"]]
            data |= self._room(number, row, same.pop() if same else None)
            places |= {f"rooms-{number}-{key}": row.place(key) for key in row.columns if key != "zone"}
        gone = [room for left in there.values() for room in left]
        for number, room in enumerate(gone, start=len(rooms)):
            data |= {f"rooms-{number}-room": room.pk, f"rooms-{number}-kind": room.kind, f"rooms-{number}-DELETE": "on"}
        data |= {"rooms-TOTAL_FORMS": len(rooms) + len(gone), "rooms-INITIAL_FORMS": 0}
        return Entry(ZonePage(self.station, kind, data_of(data)), places)

    def _room(self, number: int, row: Row, same: Room | None) -> dict:
        data = {f"rooms-{number}-{key}": row.values[key] for key in ("kind", "name", "area_m2")}
        data |= {f"rooms-{number}-{key}": "on" for key in FITTINGS if row.values[key] == "yes"}
        return data | ({f"rooms-{number}-room": same.pk} if same else {})


def _word(value):
    return value if not isinstance(value, bool) else str(YES if value else NO)


def _stored(zone: FunctionalZone | None, names) -> dict:
    """The answers of a zone that the file does not name, as its form sends them; {} where nobody has said."""
    answers = {True: "yes", False: "no"}
    found = {name: getattr(zone, name, None) for name in names}
    return {name: answers.get(value, value) if isinstance(value, bool) else value for name, value in found.items()}


BOOKS: dict[str, type[Book]] = {
    "zones": ZonesBook,
    "equipment": EquipmentBook,
    "staffing": StaffingBook,
    "funding": FundingBook,
    "training": TrainingBook,
}
TITLES = {
    "zones": gettext_lazy("Zones and rooms"),
    "equipment": gettext_lazy("Equipment"),
    "staffing": gettext_lazy("Staffing"),
    "funding": gettext_lazy("Funding"),
    "training": gettext_lazy("Training"),
}
