"""What the registers say today, as facts of the edition: the one door from stations and personnel to answers."""

import personnel.facts
import stations.facts

from .models import Assessment


def facts(station_ids, day) -> dict[int, dict[str, float]]:
    """{station: {metric: number}} as of `day`; a metric the register has no entry for is absent."""
    found: dict[int, dict[str, float]] = {}
    for source in (stations.facts, personnel.facts):
        for station, values in source.facts(station_ids, day).items():
            found.setdefault(station, {}).update(values)
    return found


def facts_of(assessment: Assessment) -> dict[str, float]:
    return facts([assessment.station_id], assessment.period.ends_on).get(assessment.station_id, {})
