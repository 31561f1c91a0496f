"""Open a period: one assessment a station, its self layer pre-filled from the registers."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.events import record
from stations.models import Station
from stationstd import refusals

from .. import registers
from ..answers import Cell
from ..models import Answers, Assessment, Grouping, Layer, Period
from .locking import now

_BATCH = 2000


@transaction.atomic
def open_period(period: Period, *, by) -> int:
    """Open `period` for every active station below its bureau; how many assessments there are. Opens once."""
    period = Period.objects.select_for_update(of=("self",)).select_related("edition", "bureau").get(pk=period.pk)
    if period.opened_at is not None:
        raise refusals.wrong_state(_("This period is open already."))
    stations = list(Station.objects.active().in_bureau(period.bureau).select_related("bureau"))
    if not stations:
        raise refusals.wrong_state(_("There is no active station below this bureau. Add stations first."))
    created = Assessment.objects.bulk_create([_assessment(period, s) for s in stations], batch_size=_BATCH)
    known = registers.facts(stations, period.ends_on)
    Answers.objects.bulk_create(
        (row for a in created for row in _prefilled(a, period.edition.standard, known.get(a.station_id, {}))),
        batch_size=_BATCH,
    )
    period.opened_at = now()
    period.save(update_fields=["opened_at"])
    record("period.open", f"period:{period.pk}", by=by, assessments=len(created))
    return len(created)


def _assessment(period: Period, station: Station) -> Assessment:
    return Assessment(
        period=period,
        station=station,
        bureau=station.bureau,
        station_class_id=station.station_class_id,
        group=group_of(period.grouping, station),
        due_at=period.due_at,
    )


def group_of(grouping: str, station: Station) -> str:
    """Whose ranks are compared: the key of the station's group, stored with the assessment."""
    parts = {
        Grouping.BUREAU: (station.bureau.code,),
        Grouping.CLASS: (station.station_class_id,),
        Grouping.BUREAU_CLASS: (station.bureau.code, station.station_class_id),
    }
    return "/".join(parts[Grouping(grouping)])


def _prefilled(assessment: Assessment, standard, known: dict[str, float]):
    """One Answers row a dimension, empty ones too, with what the registers know."""
    for section in standard.dimensions:
        facts = {
            metric.code: Cell(known[metric.code], "answered", "register", 1).as_json()
            for metric in standard.metrics_of(section.code)
            if metric.register and metric.code in known
        }
        yield Answers(assessment=assessment, layer=Layer.SELF, dimension=section.code, facts=facts)
