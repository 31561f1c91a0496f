"""What was done for or against single stations besides judging them: returns, extensions, corrections, vetoes lifted.

Every act with who did it, when, why and how long it took, so that nobody is favoured unseen.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .models import Assessment, Extension, Period, Reopening, Returning, Submission, Veto


class Kind(models.TextChoices):
    RETURN = "return", _("Return")
    EXTENSION = "extension", _("Extension")
    REOPENING = "reopening", _("Correction")
    VETO = "veto", _("Veto withdrawn")


class Entry(NamedTuple):
    """One act on one station.

    ended    when what it began was over: handed in again, published anew or declined; None while it goes on
    was_due  the due time that it moved, None where it moved none or only the new one is known
    due      the new one, None where it moved none
    other    who decided what `by` asked for, None for acts of one person
    outcome  the decision in words, "" where there is none
    """

    kind: Kind
    at: datetime
    by: object
    reason: str
    ended: datetime | None = None
    was_due: datetime | None = None
    due: datetime | None = None
    other: object = None
    outcome: str = ""


class Line(NamedTuple):
    """One station with everything done to it, oldest first."""

    assessment: Assessment
    entries: list[Entry]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """(kind, how often) of those there are, in the order of the kinds."""
        counted = Counter(entry.kind for entry in self.entries)
        return [(kind.label, counted[kind]) for kind in Kind if counted[kind]]


def touched(period: Period, user):
    """The assessments in this user's sight that anything was done to, in the order of the tree."""
    mine = {"assessment": OuterRef("pk")}
    anything = (
        Q(Exists(Returning.objects.filter(**mine)))
        | Q(Exists(Extension.objects.filter(**mine)))
        | Q(Exists(Reopening.objects.filter(**mine)))
        | Q(Exists(Veto.objects.filter(**mine, withdrawn_at__isnull=False)))
    )
    found = Assessment.objects.visible_to(user).for_period(period).filter(anything)
    return found.select_related("station", "bureau").order_by("bureau__path", "station__code")


def totals(period: Period, user) -> list[tuple[str, int]]:
    """(kind, how often) over all stations of a period in this user's sight. Four queries."""
    mine = {"assessment__in": Assessment.objects.visible_to(user).for_period(period)}
    counted = {
        Kind.RETURN: Returning.objects.filter(**mine).count(),
        Kind.EXTENSION: Extension.objects.filter(**mine).count(),
        Kind.REOPENING: Reopening.objects.filter(**mine).count(),
        Kind.VETO: Veto.objects.filter(**mine, withdrawn_at__isnull=False).count(),
    }
    return [(kind.label, counted[kind]) for kind in Kind]


def lines(assessments: Iterable[Assessment]) -> list[Line]:
    """Each of these assessments with what was done to it. Five queries."""
    assessments = list(assessments)
    found: dict[int, list[Entry]] = {assessment.pk: [] for assessment in assessments}
    for of_kind in (_returns, _extensions, _corrections, _vetoes):
        for pk, entry in of_kind(found):
            found[pk].append(entry)
    return [Line(a, sorted(found[a.pk], key=lambda entry: entry.at)) for a in assessments]


def _returns(pks):
    handed_in = Submission.objects.filter(assessment__in=pks).values_list("assessment", "round", "at")
    again = {(pk, round_): at for pk, round_, at in handed_in}
    for each in Returning.objects.filter(assessment__in=pks).select_related("by"):
        ended = again.get((each.assessment_id, each.round + 1))
        yield each.assessment_id, Entry(Kind.RETURN, each.at, each.by, each.reason, ended=ended, due=each.due_at)


def _extensions(pks):
    for each in Extension.objects.filter(assessment__in=pks).select_related("by"):
        moved = {"was_due": each.old_due_at, "due": each.due_at}
        yield each.assessment_id, Entry(Kind.EXTENSION, each.at, each.by, each.reason, **moved)


def _corrections(pks):
    for each in Reopening.objects.filter(assessment__in=pks).with_people():
        is_declined = each.decision == Reopening.Decision.DECLINED
        published = each.led_to.published_at if each.led_to else None
        yield (
            each.assessment_id,
            Entry(
                Kind.REOPENING,
                each.at,
                each.by,
                each.reason,
                ended=each.decided_at if is_declined else published,
                other=each.decided_by,
                outcome=_outcome(each),
            ),
        )


def _outcome(reopening: Reopening) -> str:
    if reopening.is_undecided:
        return _("not decided yet")
    if reopening.led_to:
        return _("published as version %(n)s") % {"n": reopening.led_to.version}
    if reopening.is_under_way:
        return _("approved, under way")
    return _("declined: %(why)s") % {"why": reopening.decided_why}


def _vetoes(pks):
    withdrawn = Veto.objects.filter(assessment__in=pks, withdrawn_at__isnull=False).select_related("withdrawn_by")
    for each in withdrawn:
        entry = Entry(Kind.VETO, each.withdrawn_at, each.withdrawn_by, each.withdrawn_why)
        yield each.assessment_id, entry
