"""One zone of a station and its rooms with their fittings."""

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Column, Row
from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from stations.kinds import ROOMS_OF_ZONE, RoomKind, ZoneKind
from stations.models import FunctionalZone, Room
from stationstd import refusals
from stationstd.keys import unclear

from .fields import Amount, YesNo, form_field
from .layout import fields
from .rows import Page

FITTINGS = (
    "has_camera",
    "has_recording",
    "has_alarm",
    "is_padded",
    "has_dual_display",
    "has_one_way_glass",
    "has_flow_chart",
)
ROOM_COLUMNS = ("kind", "name", "area_m2", *FITTINGS)
MOST_ROOMS = 40


class ZoneForm(forms.ModelForm):
    is_present = YesNo(label=_("The station has this zone"))

    class Meta:
        model = FunctionalZone
        fields = ("is_present", "boundaries", "boundaries_controlled", "is_closed_line")
        formfield_callback = form_field

    def __init__(self, kind, zone, data=None):
        super().__init__(data, instance=zone, initial=None if zone else {"boundaries": None, **_NO_ANSWER})
        if kind != ZoneKind.CASE_HANDLING:
            del self.fields["is_closed_line"]
        else:
            self.fields["is_closed_line"].help_text = _("Suspects never cross another zone.")
        for name in ("boundaries", "boundaries_controlled"):
            self.fields[name].required = False
        self.fields["boundaries"].help_text = _("Doors and passages to other zones.")
        self.helper = fields(
            InlineRadios("is_present"),
            Row(
                Column("boundaries", css_class="col-sm-6"),
                Column("boundaries_controlled", css_class="col-sm-6"),
            ),
            *([InlineRadios("is_closed_line")] if "is_closed_line" in self.fields else []),
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_present"):
            for name in ("boundaries", "boundaries_controlled"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Enter a number; 0 if there is none."))
        boundaries, controlled = cleaned.get("boundaries"), cleaned.get("boundaries_controlled")
        if boundaries is not None and controlled is not None and controlled > boundaries:
            self.add_error(
                "boundaries_controlled",
                _("%(controlled)s have access control, but there are only %(boundaries)s boundaries.")
                % {"controlled": controlled, "boundaries": boundaries},
            )
        return cleaned

    def _post_clean(self):
        """The page writes the row; a zone that is absent has no boundaries to judge."""

    def values(self):
        """The columns of the zone as they would be stored; an absent zone has neither boundaries nor line."""
        if not self.cleaned_data["is_present"]:
            return {
                "is_present": False,
                "boundaries": 0,
                "boundaries_controlled": 0,
                "is_closed_line": None,
            }
        return {"is_closed_line": None} | self.cleaned_data


_NO_ANSWER = {"is_present": None, "boundaries_controlled": None, "is_closed_line": None}


class RoomForm(forms.Form):
    """A row of the grid. `room` is the id of a stored room, empty for a new one."""

    room = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=Room._meta.get_field("kind").verbose_name)
    name = forms.CharField(label=_("Name or number"), required=False, max_length=60)
    area_m2 = Amount(label=_("Area (m²)"), required=False, max_digits=7, decimal_places=2)
    DELETE = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = ROOMS_OF_ZONE[zone]
        self.fields["kind"].choices = [("", _("Choose…")), *((kind.value, kind.label) for kind in kinds)]
        for name in FITTINGS:
            label = Room._meta.get_field(name).verbose_name
            self.fields[name] = forms.BooleanField(label=label, required=False)

    @property
    def fittings(self):
        return [self[name] for name in FITTINGS]

    @property
    def is_removed(self):
        return bool(self.cleaned_data.get("DELETE"))

    def full_clean(self):
        """What is wrong in a row that is to be removed does not matter."""
        super().full_clean()
        if self.is_bound and getattr(self, "cleaned_data", {}).get("DELETE"):
            self._errors.clear()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("has_recording") and not cleaned.get("has_camera"):
            self.add_error("has_recording", _("Audio and video recording needs video: tick both."))
        return cleaned

    def values(self):
        return {name: self.cleaned_data[name] for name in ROOM_COLUMNS}


class RoomGrid(forms.BaseFormSet):
    """The rows; DELETE is a field of the row, so that a removed row is still there to be shown."""

    def kept(self):
        """Rows that say something and are not to be removed."""
        return [row for row in self.forms if row.has_changed() and not row.is_removed]

    def removed(self):
        return {row.cleaned_data.get("room") for row in self.forms if row.is_removed} - {None}


RoomRows = forms.formset_factory(
    RoomForm, formset=RoomGrid, extra=1, max_num=MOST_ROOMS, absolute_max=MOST_ROOMS, validate_max=True
)


class ZonePage(Page):
    def __init__(self, station, kind, data=None):
        self.station, self.kind, self.data = station, ZoneKind(kind), data or {}
        self.register = f"zone {self.kind.value}"
        zone = station.zones.filter(kind=self.kind).first()
        self.form = ZoneForm(self.kind, zone, data)
        self.grid = self._grid(data)
        self.error = None

    def _grid(self, data):
        # A bound grid compares with nothing: rows may have moved since the page was opened.
        rooms = self._rooms().order_by("pk")
        initial = None if data else [_room(room) | {"room": room.pk} for room in rooms]
        words = {"too_many_forms": _("A zone can have at most %(most)s rooms here.") % {"most": MOST_ROOMS}}
        return RoomRows(data, initial=initial, prefix="rooms", form_kwargs={"zone": self.kind}, error_messages=words)

    def require_known(self):
        """Refused (400) for a field that this zone does not have, and unless the rows sent are those announced."""
        if not self.data:
            return
        announced = self.data.get("rooms-TOTAL_FORMS", "")
        sent = {_row_number(key) for key in self.data if key.startswith("rooms-")} - {None}
        is_counted = announced.isdecimal() and len(announced) < 4 and sent == set(map(str, range(int(announced))))
        known = {"based_on", "csrfmiddlewaretoken", *self.form.fields, *_COUNTS}
        known |= {f"rooms-{number}-{name}" for number in sent for name in self.grid.empty_form.fields}
        if not is_counted or set(self.data) - known:
            raise unclear()

    def is_valid(self):
        parts = self.form.is_valid(), self.grid.is_valid()  # both, so that every mistake is shown
        valid = all(parts)
        if valid and not self.form.cleaned_data["is_present"] and self.grid.kept():
            self.error = _("The zone is said to be absent, but rooms are entered. Remove them or answer Yes.")
        return valid and not self.error

    @property
    def errors(self):
        """What is wrong with the page as a whole."""
        return [*([self.error] if self.error else []), *self.grid.non_form_errors()]

    def stored(self):
        zone = FunctionalZone.objects.filter(station=self.station, kind=self.kind).first()
        if not zone:
            return {}
        flat = _flat("zone", model_to_dict(zone, fields=ZoneForm.Meta.fields))
        for room in self._rooms():
            flat |= _flat(f"room {room.pk}", _room(room))
        return flat

    def typed(self):
        flat = _flat("zone", self.form.values())
        for number, row in enumerate(self.grid.kept(), 1):
            flat |= _flat(_row_name(row, number), row.values())
        return flat

    def write(self):
        zone, _created = FunctionalZone.objects.update_or_create(
            station=self.station, kind=self.kind, defaults=self.form.values()
        )
        rooms = {room.pk: room for room in self._rooms()}
        named = {row.cleaned_data["room"] for row in self.grid.kept()} | self.grid.removed()
        if not named <= {None, *rooms}:
            raise refusals.invalid(_("One of the rooms does not belong to this zone."))
        self._rooms().filter(pk__in=self.grid.removed()).delete()
        for row in self.grid.kept():
            room = rooms.get(row.cleaned_data["room"]) or Room(zone=zone)
            for name, value in row.values().items():
                setattr(room, name, value)
            room.save()

    def overtake(self):
        """Rows of rooms that somebody else removed become new rows: nothing typed is lost."""
        super().overtake()
        there = {str(pk) for pk in self._rooms().values_list("pk", flat=True)}
        data = self.data.copy()
        for row in self.grid.forms:
            name = row.add_prefix("room")
            data[name] = data.get(name) if data.get(name) in there else ""
        self.grid = self._grid(data)

    def label(self, key):
        owner, column = key.rsplit(".", 1)
        if owner == "zone":
            return FunctionalZone._meta.get_field(column).verbose_name
        return f"{self._title(owner)} · {Room._meta.get_field(column).verbose_name}"

    def _title(self, owner):
        """A room by its kind and name, for a reader who does not know its number in the database."""
        typed = {_row_name(row, n): row.values() for n, row in enumerate(self.grid.kept(), 1)}
        stored = {f"room {room.pk}": _room(room) for room in self._rooms()}
        values = stored.get(owner) or typed[owner]
        return f"{RoomKind(values['kind']).label} {values['name']}".strip()

    def _rooms(self):
        return Room.objects.filter(zone__station=self.station, zone__kind=self.kind)


_COUNTS = [f"rooms-{name}" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")]


def _row_number(key):
    """The digits between the dashes of "rooms-3-kind"; None for what counts the rows."""
    return key.split("-")[1] if key.count("-") > 1 else None


def _room(room):
    return model_to_dict(room, fields=ROOM_COLUMNS)


def _row_name(row, number):
    room = row.cleaned_data["room"]
    return f"room {room}" if room else f"new room {number}"


def _flat(owner, values):
    return {f"{owner}.{column}": value for column, value in values.items()}
