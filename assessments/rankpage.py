"""One page of a ranking: published ranks inside groups, or final places among all stations below a bureau.

Both are read as they were stored, in the order of an index, from a cursor on: the thousandth page costs what the first
does. A filter decides what is shown, never who stands where.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from stations.models import Bureau, StationClass
from stationstd import refusals

from .models import Assessment, OfficialRank, Period, Standing

SIZE = 50
WHOLE = 200  # rows up to which a ranking is shown on one page, and may be sorted by any column
CHOICES = 300  # bureaus that a list may offer
MOST = 5000  # rows that are put into one workbook
_HIGHEST = 10**18


class Wanted(NamedTuple):
    """What a reader asks for: a bureau's or a class's code, "" for all; `after` is the cursor of the page before.

    only  numbers of the assessments that may be shown, None for all
    """

    bureau: str = ""
    kind: str = ""
    after: str = ""
    only: Collection[int] | None = None

    @property
    def filters(self) -> dict:
        words = {"assessment__bureau__code": self.bureau, "assessment__station_class": self.kind}
        filters = {field: word for field, word in words.items() if word}
        return filters if self.only is None else filters | {"assessment__in": self.only}


class Page(NamedTuple):
    """`places` in order; `next` is the cursor of the page after, "" on the last; is_whole: there is no other page."""

    places: list
    next: str
    is_whole: bool


def of_groups(period: Period, user, wanted: Wanted, size: int = SIZE) -> Page:
    """Ranks inside groups, group after group. One query, and one more behind a cursor."""
    places = OfficialRank.objects.for_period(period).visible_to(user).filter(**wanted.filters).with_clock()
    if wanted.after:
        places = places.filter(_behind(places, wanted.after))
    order = ("publication_id", "group", F("rank").asc(nulls_last=True), "assessment_id")
    found = list(places.with_places().select_related("publication__bureau").order_by(*order)[: _room(size, wanted) + 1])
    page = _page(found, size, wanted, lambda place: str(place.pk))
    if page.is_whole:
        found.sort(key=lambda p: (p.publication.bureau.path, p.group, p.rank or _HIGHEST, p.assessment.station.code))
    return page


def _behind(places, after: str) -> Q:
    """What comes after the place with this number, in the order of the page."""
    place = places.filter(pk=_number(after)).first()
    if place is None:
        raise _unknown()
    same = Q(publication=place.publication_id, group=place.group)
    later = Q(publication__gt=place.publication_id) | Q(publication=place.publication_id, group__gt=place.group)
    if place.rank is None:
        return later | (same & Q(rank=None, assessment__gt=place.assessment_id))
    tied = Q(rank=place.rank, assessment__gt=place.assessment_id)
    return later | (same & (Q(rank__gt=place.rank) | Q(rank=None) | tied))


def within(period: Period, bureau: Bureau, user, wanted: Wanted, size: int = SIZE) -> Page:
    """Final places among all stations below `bureau`, those in this user's sight. One query."""
    places = Standing.objects.for_period(period).final().filter(bureau=bureau, **wanted.filters).with_clock()
    if not _covers(user, bureau):
        places = places.visible_to(user)
    if wanted.after:
        rank, _dot, assessment = wanted.after.partition(".")
        at = _number(rank), _number(assessment)
        places = places.filter(rank__gte=at[0]).filter(Q(rank__gt=at[0]) | Q(assessment__gt=at[1]))
    found = list(places.with_places().order_by("rank", "assessment_id")[: _room(size, wanted) + 1])
    return _page(found, size, wanted, lambda place: f"{place.rank}.{place.assessment_id}")


def _covers(user, bureau: Bureau) -> bool:
    """Whether everything below this bureau is in the user's sight, so that nobody has to be sorted out."""
    return bool(user.bureau_id and user.may("ranking.view") and bureau.path.startswith(user.bureau.path))


def _room(size: int, wanted: Wanted) -> int:
    """How many rows the page may have: a ranking that is not long is not cut into pages."""
    return size if wanted.after else max(size, WHOLE)


def _page(found: list, size: int, wanted: Wanted, cursor) -> Page:
    if len(found) > _room(size, wanted):
        del found[size:]
        return Page(found, cursor(found[-1]), False)
    return Page(found, "", not wanted.after)


def _number(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) < 19):
        raise _unknown()
    return int(text)


def _unknown():
    return refusals.invalid(_("This page has no such choice."))


def bureaus(period: Period, user) -> list[Bureau]:
    """The bureaus with stations of this period in the user's sight, in the order of the tree; none of too many.

    One query.
    """
    if user.station_id:
        return [user.station.bureau]
    there = Assessment.objects.filter(period=period, bureau=OuterRef("pk"))
    found = Bureau.objects.filter(Exists(there), path__startswith=user.bureau.path).order_by("path")
    some = list(found[: CHOICES + 1])
    return some if len(some) <= CHOICES else []


def classes(period: Period, user) -> list[StationClass]:
    """The classes of stations with published ranks in the user's sight. One query."""
    there = OfficialRank.objects.for_period(period).visible_to(user).filter(assessment__station_class=OuterRef("pk"))
    return list(StationClass.objects.filter(Exists(there)))


def levels(period: Period, user) -> list[Bureau]:
    """Bureaus whose final places this user is offered: those over the own place, it itself, and those right below.

    One query.
    """
    place = user.station.bureau if user.station_id else user.bureau
    above = [place.path[:end] for end in range(place.steplen, len(place.path) + 1, place.steplen)]
    near = Q(path__in=above)
    if user.bureau_id:
        near |= Q(path__startswith=place.path, depth=place.depth + 1)
    final = Standing.objects.for_period(period).final().filter(bureau=OuterRef("pk"))
    return list(Bureau.objects.filter(near & Exists(final), path__startswith=period.bureau.path).order_by("path"))
