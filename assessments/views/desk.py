"""The reviewer's desk: who has submitted, who is late, what waits for whom, and when the results can be published."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from personnel.access import requires
from stationstd import refusals

from .. import burden, flagging, objections
from ..models import Assessment, Layer, Objection, Period, Review, Score, State
from ..workflow.publishing import UNFINISHED

LATE = "late"
FLAGGED = "flagged"
FILTERS = {
    "": gettext_lazy("All"),
    LATE: gettext_lazy("Overdue"),
    FLAGGED: gettext_lazy("Worth a look"),
    **dict(State.choices),
}
_STATES = {state: i for i, state in enumerate(State.values)}
_LAST = 10**9
SORTS = {
    "station": lambda row: row.assessment.station.code,
    "class": lambda row: row.assessment.station_class.position,
    "state": lambda row: _STATES[row.assessment.state],
    "due": lambda row: row.assessment.due_at,
    "submitted": lambda row: (
        row.assessment.submitted_at is None,
        row.assessment.submitted_at or row.assessment.due_at,
    ),
    "self": lambda row: _LAST if row.self_rate is None else row.self_rate,
    "verified": lambda row: _LAST if row.rate is None else row.rate,
    "flags": lambda row: row.flag_count,
}


@dataclass(frozen=True)
class Row:
    """One station on the desk; rates in hundredths of a percent, None before they are known.

    flags       (kind in words, how often) of what stands out in it
    objections  how many wait for an answer
    """

    assessment: Assessment
    is_late: bool
    reviewed: int
    returns: int
    self_rate: int | None
    rate: int | None
    flags: list[tuple[str, int]]
    objections: int
    is_window_open: bool

    @property
    def action(self) -> str:
        """What the reviewer does next: "verify", "continue", "answer", "confirm", "result" or "wait"."""
        if self.objections:
            return "answer"
        return _ACTIONS.get(self.assessment.state, "wait")

    @property
    def flag_count(self) -> int:
        return sum(count for _kind, count in self.flags)


_ACTIONS = {
    State.SUBMITTED: "verify",
    State.VERIFYING: "continue",
    State.VERIFIED: "confirm",
    State.CONFIRMED: "result",
    State.PUBLISHED: "result",
}


@require_GET
@requires("desk.view")
def desk(request):
    """The stations of one opened period, filtered by state and sorted by an allow-listed key."""
    periods = list(
        Period.objects.opened()
        .visible_to(request.user)
        .filter(assessments__bureau__path__startswith=request.user.bureau.path)
        .distinct()
    )
    context = {"periods": periods, "period": None}
    if periods:
        period = _chosen(request, periods)
        context |= _page(request, period)
    return render(request, "assessments/desk.html", context)


def _chosen(request, periods: list[Period]) -> Period:
    """The asked-for period, else the newest one."""
    asked = request.GET.get("period", "")
    if not asked:
        return periods[0]
    if not asked.isdecimal():
        raise refusals.invalid(_("This page has no such choice."))
    visible = Period.objects.filter(pk__in=[period.pk for period in periods])
    return get_object_or_404(visible, pk=asked)


def _page(request, period: Period) -> dict:
    assessments = _assessments(period, request.user)
    flags = flagging.kinds(assessments)
    rows = _rows(assessments, flags or {})
    wanted, sort = choice(request, "state", FILTERS, ""), _sort(request)
    counts = Counter(row.assessment.state for row in rows)
    counts[LATE] = sum(row.is_late for row in rows)
    counts[FLAGGED] = sum(bool(row.flags) for row in rows)
    counts[""] = len(rows)
    shown = [row for row in rows if _matches(row, wanted)]
    shown.sort(key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    waiting = [row for row in rows if row.assessment.state in UNFINISHED or _may_still_submit(row)]
    return {
        "period": period,
        "rows": shown,
        "tiles": [(code, label, counts[code]) for code, label in FILTERS.items() if code == "" or counts[code]],
        "wanted": wanted,
        "sort": sort,
        "total": len(rows),
        "too_many_for_flags": flags is None,
        "many_bureaus": len({row.assessment.bureau_id for row in rows}) > 1,
        "waiting": len(waiting),
        "is_published": bool(rows) and all(row.assessment.state == State.PUBLISHED for row in rows),
        "objections": sum(row.objections for row in rows),
        "load": _load(rows),
        "middle": None if flags is None else _middle(rows),
    }


def _may_still_submit(row: Row) -> bool:
    return row.assessment.is_open and not row.is_late


def _assessments(period: Period, user) -> list[Assessment]:
    """One query."""
    return list(
        Assessment.objects.verifiable_by(user)
        .for_period(period)
        .select_related("station", "bureau", "station_class", "reviewer", "period__edition")
        .annotate(reviewed=_reviewed(), returned=Count("returnings", distinct=True))
        .order_by("station__code")
    )


def _rows(assessments: list[Assessment], flags: dict[int, list[tuple[str, int]]]) -> list[Row]:
    """Two queries, however many stations."""
    now = timezone.now()
    waiting = Objection.objects.waiting().filter(
        assessment__in=[a.pk for a in assessments], round=F("assessment__round")
    )
    objected = Counter(waiting.values_list("assessment", flat=True))
    scores = Score.objects.filter(assessment__in=[a.pk for a in assessments]).values_list("assessment", "layer", "rate")
    rates = {(pk, layer): rate for pk, layer, rate in scores}
    return [
        Row(
            assessment=a,
            is_late=a.is_open and a.due_at < now,
            reviewed=a.reviewed,
            returns=a.returned,
            self_rate=rates.get((a.pk, Layer.SELF)),
            rate=rates.get((a.pk, Layer.CONFIRMED), rates.get((a.pk, Layer.VERIFIED))),
            flags=flags.get(a.pk, []),
            objections=objected[a.pk],
            is_window_open=bool((window := objections.window(a, now)) and window.is_open),
        )
        for a in assessments
    ]


def _reviewed():
    """How many criteria were accepted or changed in the present round."""
    done = Q(reviews__round=F("round"), reviews__outcome__in=[Review.Outcome.ACCEPTED, Review.Outcome.CHANGED])
    return Count("reviews", filter=done, distinct=True)


def _matches(row: Row, wanted: str) -> bool:
    if wanted == LATE:
        return row.is_late
    if wanted == FLAGGED:
        return bool(row.flags)
    return not wanted or row.assessment.state == wanted


def _sort(request) -> str:
    return choice(request, "sort", [*SORTS, *("-" + key for key in SORTS)], "station")


def choice(request, name: str, allowed, default: str) -> str:
    """One word of the address, from an allow-list. Refused (400) for any other word."""
    asked = request.GET.get(name, default)
    if asked not in allowed:
        raise refusals.invalid(_("This page has no such choice."))
    return asked


def _middle(rows: list[Row]) -> burden.Middle | None:
    """What filling in cost those that have handed in; None while nobody has. One query."""
    return burden.middle(burden.of(row.assessment.pk for row in rows if row.assessment.submitted_at).values())


def _load(rows: list[Row]) -> list[tuple[str, int]]:
    """(reviewer, assessments still in their hands), the busiest first."""
    busy = Counter(
        row.assessment.reviewer.name
        for row in rows
        if row.assessment.reviewer_id and row.assessment.state in (State.VERIFYING, State.VERIFIED)
    )
    return busy.most_common()
