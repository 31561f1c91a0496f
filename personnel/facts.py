"""The staffing register as numbers, for any count of stations at once."""

from django.db.models import F

from stations.facts import known, station_ids

from .models import Staffing

# Metric → the columns whose persons it counts together.
STAFF = {
    "staff.officers": ("officers",),
    "staff.auxiliaries": ("auxiliaries",),
    "staff.community_officers": ("community_officers",),
    "staff.leaders": ("leaders",),
    "staff.leaders_college": ("leaders_college",),
    "staff.over_45": ("over_45",),
    "staff.college": ("edu_college",),
    "training.qualified_basic": ("qual_advanced", "qual_intermediate", "qual_basic"),
    "training.qualified_higher": ("qual_advanced", "qual_intermediate"),
}


def facts(stations, day=None) -> dict[int, dict[str, int]]:
    """{station id: {metric: persons}}; a metric is missing where nobody has entered it. One query.

    `day` is not asked: staffing is what it is now. It is there so that every register is called alike.
    """
    rows = Staffing.objects.filter(station__in=station_ids(stations)).order_by()
    return {
        station: known(dict(zip(STAFF, persons, strict=True)))
        for station, *persons in rows.values_list("station", *map(_together, STAFF.values()))
    }


def _together(columns):
    """Their sum; None as soon as one of them is not known."""
    first, *more = map(F, columns)
    return sum(more, first)
