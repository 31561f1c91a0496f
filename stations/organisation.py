"""Add and change bureaus and stations, each act recorded with old and new. Nothing is ever deleted."""

from django.db import transaction
from django.forms.models import model_to_dict

from audit import events

from . import registers
from .models import Bureau, Station

STATION_COLUMNS = ("code", "name", "name_en", "bureau", "station_class", "is_active")
BUREAU_COLUMNS = ("code", "name", "name_en", "level")


@transaction.atomic
def add_station(station: Station, *, by) -> Station:
    station.save(force_insert=True)
    _record("station.add", registers.chain(station), {}, _row(station, STATION_COLUMNS), by)
    return station


@transaction.atomic
def change_station(station: Station, *, by) -> Station:
    """Save the columns of the organisation, and no others; `station` carries the new values."""
    before = Station.objects.select_for_update(no_key=True).get(pk=station.pk)
    station.save(update_fields=STATION_COLUMNS)
    old, new = _row(before, STATION_COLUMNS), _row(station, STATION_COLUMNS)
    _record("station.change", registers.chain(station), old, new, by)
    return station


@transaction.atomic
def add_bureau(bureau: Bureau, parent: Bureau, *, by) -> Bureau:
    """Add `bureau` below `parent`; the parent is locked, so that two additions get two places in the tree."""
    parent = Bureau.objects.select_for_update().get(pk=parent.pk)
    bureau = Bureau.objects.add_child(parent, instance=bureau)
    new = _row(bureau, BUREAU_COLUMNS) | {"parent": parent.code}
    _record("bureau.add", f"bureau:{bureau.pk}", {}, new, by)
    return bureau


@transaction.atomic
def change_bureau(bureau: Bureau, *, by) -> Bureau:
    before = Bureau.objects.select_for_update().get(pk=bureau.pk)
    bureau.save(update_fields=BUREAU_COLUMNS)
    old, new = _row(before, BUREAU_COLUMNS), _row(bureau, BUREAU_COLUMNS)
    _record("bureau.change", f"bureau:{bureau.pk}", old, new, by)
    return bureau


def _row(thing, columns):
    """The columns as the record shows them: a bureau by its code, which never changes its meaning."""
    row = model_to_dict(thing, fields=columns)
    if "bureau" in row:
        row["bureau"] = thing.bureau.code
    return row


def _record(action, chain, before, after, by):
    if changed := registers.differences(before, after):
        events.record(action, chain, by=by, changed=changed)
