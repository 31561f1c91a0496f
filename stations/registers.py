"""Save one page of a register: lock the station, see that nobody was faster, write, record.

A page (stations/forms, personnel/forms) offers `station`, `register` (its name in the record), `based_on`
(the fingerprint the person saw), `stored()` (what the database holds now, flat: {key: value}), `typed()`
(what it would hold after saving, same keys), `write()` and `label(key)`.
"""

import hashlib
import json

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from audit import events
from audit.models import Event
from stationstd import refusals

from .models import Station

ACTION = "register.save"


class Stale(Exception):
    """Somebody else saved this page after it was opened; nothing was written."""


def fingerprint(rows: dict) -> str:
    """A digest that is the same for the same rows, whatever their order."""
    text = json.dumps(rows, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: dict, after: dict) -> dict[str, list]:
    """{key: [old, new]} of the keys that differ; None stands for a key that one side lacks."""
    keys = sorted({*before, *after})
    return {key: [before.get(key), after.get(key)] for key in keys if before.get(key) != after.get(key)}


def save(page, *, by) -> dict[str, list]:
    """Write the page in one transaction and return what changed, {key: [old, new]}; empty: nothing did.

    Raises Stale when the rows are no longer those that the person saw, Refused (428) when the form does
    not say which those were, PermissionDenied when `by` may not keep this station's registers.
    """
    if not page.based_on:
        raise refusals.precondition_required()
    with transaction.atomic():
        _lock(page.station, by)
        before = page.stored()
        if fingerprint(before) != page.based_on:
            raise Stale
        page.write()
        changed = differences(before, page.stored())
        if changed:
            events.record(ACTION, chain(page.station), by=by, register=page.register, changed=_plain(changed))
    return changed


def chain(station) -> str:
    return f"station:{station.pk}"


def last_save(station, register: str) -> Event | None:
    """Who saved this register last, and when; None if nobody has."""
    saves = Event.objects.filter(chain=chain(station), action=ACTION, detail__register=register)
    return saves.select_related("by").first()


def _lock(station, by):
    """Hold the row of the station till the end of the transaction; the right is looked up again."""
    locked = Station.objects.registers_editable_by(by).select_for_update(no_key=True)
    if not locked.filter(pk=station.pk).exists():
        raise PermissionDenied("registers.edit")


def _plain(changed):
    """As JSON takes it: amounts become text with their digits kept."""
    return json.loads(json.dumps(changed, cls=DjangoJSONEncoder))
