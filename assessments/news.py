"""What happened to a station's sheets of late, newest first: what the bureau did and what came back."""

from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .models import Assessment, Exemption, Extension, Objection, OfficialRank, Reopening, Returning, State, Veto
from .scoring import Criterion


class Kind(models.TextChoices):
    OPENED = "opened", _("Open for filling in")
    RETURNED = "returned", _("Returned for correction")
    EXTENDED = "extended", _("Due time extended")
    UPHELD = "upheld", _("Objection upheld")
    DISMISSED = "dismissed", _("Objection dismissed")
    APPROVED = "approved", _("Agreed: not applicable")
    DECLINED = "declined", _("Not agreed: it stays applicable")
    VETOED = "vetoed", _("Veto imposed")
    PUBLISHED = "published", _("Result published")
    REOPENED = "reopened", _("The published result is being corrected")


ICONS = {
    Kind.OPENED: "calendar-plus",
    Kind.RETURNED: "arrow-return-left",
    Kind.EXTENDED: "hourglass-split",
    Kind.UPHELD: "check2-circle",
    Kind.DISMISSED: "x-circle",
    Kind.APPROVED: "check2-circle",
    Kind.DECLINED: "x-circle",
    Kind.VETOED: "slash-circle",
    Kind.PUBLISHED: "megaphone",
    Kind.REOPENED: "pencil-square",
}


class Message(NamedTuple):
    """One thing that happened; `criterion` None where it is about the whole sheet, `words` "" where none were said."""

    kind: Kind
    at: datetime
    assessment: Assessment
    criterion: Criterion | None
    words: str

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def address(self) -> str:
        """Where the station goes on from here."""
        pk = self.assessment.pk
        if self.kind in (Kind.UPHELD, Kind.DISMISSED):
            return reverse("assessments:objections", args=[pk])
        if self.criterion:
            fill = reverse("assessments:fill", args=[pk, self.criterion.dimension])
            return f"{fill}#c-{self.criterion.id}"
        if self.kind in (Kind.OPENED, Kind.RETURNED) and self.assessment.is_open:
            return reverse("assessments:check", args=[pk])
        return reverse("assessments:detail", args=[pk])


def of(user, count: int) -> list[Message]:
    """The newest of the user's station. Two queries."""
    mine = Assessment.objects.visible_to(user).filter(station=user.station_id)
    found = list(_happened(mine)[:count])
    sheets = mine.with_places().in_bulk([pk for _kind, _at, pk, _criterion, _words in found])
    return [
        Message(Kind(kind), at, sheets[pk], _criterion_of(sheets[pk], criterion), words)
        for kind, at, pk, criterion, words in found
    ]


def _happened(mine):
    """(kind, when, assessment, criterion, words) of everything, newest first, in one query."""
    whole, one = ("assessment", None, "reason"), ("assessment", "criterion")
    sources = (
        (mine.exclude(state=State.PUBLISHED), Kind.OPENED, "period__opened_at", "pk", None, None),
        (Returning.objects, Kind.RETURNED, "at", *whole),
        (Extension.objects, Kind.EXTENDED, "at", *whole),
        (Objection.objects.filter(outcome="upheld"), Kind.UPHELD, "decided_at", *one, "answer"),
        (Objection.objects.filter(outcome="dismissed"), Kind.DISMISSED, "decided_at", *one, "answer"),
        (Exemption.objects.filter(outcome="approved"), Kind.APPROVED, "decided_at", *one, "decided_why"),
        (Exemption.objects.filter(outcome="declined"), Kind.DECLINED, "decided_at", *one, "decided_why"),
        (Veto.objects, Kind.VETOED, "at", *whole),
        (OfficialRank.objects, Kind.PUBLISHED, "publication__published_at", "assessment", None, None),
        (Reopening.objects.filter(decision="approved"), Kind.REOPENED, "decided_at", *whole),
    )
    first, *others = [_columns(mine, *source) for source in sources]
    return first.union(*others, all=True).order_by("-happened")


def _columns(mine, rows, kind: Kind, at: str, assessment: str, criterion: str | None, words: str | None):
    rows = rows.all().order_by()
    if assessment != "pk":
        rows = rows.filter(assessment__in=mine.order_by().values("pk"))
    return rows.annotate(
        what=Value(kind.value, output_field=CharField()),
        happened=F(at),
        sheet=F(assessment),
        about=Cast(criterion or Value(""), CharField()),
        said=Cast(words or Value(""), models.TextField()),
    ).values_list("what", "happened", "sheet", "about", "said")


def _criterion_of(assessment: Assessment, code: str) -> Criterion | None:
    return next((c for c in assessment.period.edition.standard.criteria if code and c.id == code), None)
