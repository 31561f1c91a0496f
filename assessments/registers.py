"""What the registers say today, as facts of the edition: the one door from stations and personnel to answers."""

from personnel.facts import STAFF
from personnel.facts import facts as of_people
from stations.facts import COUNTED, EQUIPMENT, FUNDING, OWNED, PRESENT
from stations.facts import facts as of_places
from stations.kinds import ZoneKind

from .models import Assessment

_ZONES = (*ZoneKind.values, "closed_line", "boundaries", "boundaries_controlled")
_PROFILE = ("station.residents", "station.households", "premises.own")
# Every metric that the registers can have a figure for.
METRICS = frozenset(
    (*STAFF, *COUNTED, *PRESENT, *EQUIPMENT, *OWNED, *FUNDING, *_PROFILE, *(f"zones.{each}" for each in _ZONES))
)


def facts(stations, day) -> dict[int, dict[str, float]]:
    """{station: {metric: number}} as of `day`; a metric the register has no entry for is absent.

    `stations` is a queryset or a list of stations, not of ids.
    """
    found: dict[int, dict[str, float]] = {}
    for source in (of_places, of_people):
        for station, values in source(stations, day).items():
            found.setdefault(station, {}).update(values)
    return found


def facts_of(assessment: Assessment) -> dict[str, float]:
    return facts([assessment.station], assessment.period.ends_on).get(assessment.station_id, {})
