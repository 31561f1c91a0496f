"""What a request of the bureau may say: these words and no others."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationstd import refusals

from .saving import read_whole

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of Django's field, not a secret
_DAYS_TO_CORRECT = 3
_ITEM = "item."


class Changing(NamedTuple):
    """A reviewer's change of one fact; `raw` is still text, `item` the criterion on whose card it was made."""

    metric: str
    raw: str
    state: str
    reason: str
    version: int | None
    op_id: UUID | None
    item: str

    @classmethod
    def read(cls, request) -> "Changing":
        said = only(request, {"metric", "value", "state", "reason", "version", "op_id", "item"})
        state = said.get("state", "answered")
        if state not in ("answered", "na", "self"):
            raise unclear()
        return cls(
            metric=said.get("metric", ""),
            raw=said.get("value", ""),
            state=state,
            reason=said.get("reason", ""),
            version=read_whole(said.get("version")),
            op_id=_op_id(said),
            item=said.get("item", ""),
        )


class Accepting(NamedTuple):
    """The criteria a reviewer accepts, and the dimension when all that is left of one was accepted."""

    criteria: list[str]
    dimension: str
    round: int | None

    @classmethod
    def read(cls, request) -> "Accepting":
        said = only(request, {"criterion", "dimension", "round"}, several={"criterion"})
        return cls(said.getlist("criterion"), said.get("dimension", ""), read_whole(said.get("round")))


def read_round(request, *others: str) -> int | None:
    """The round an act was meant for, from a request that says nothing else but `others`."""
    return read_whole(only(request, {"round", *others}).get("round"))


class SendBackForm(forms.Form):
    """Why an assessment goes back and until when; a reason for each criterion that has to be corrected."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"required": gettext_lazy("Give the reason. The station will read it.")},
    )
    due_at = forms.DateTimeField(
        label=gettext_lazy("New due time"),
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, criteria, data=None):
        super().__init__(data, initial={"due_at": end_of_day(_DAYS_TO_CORRECT)}, auto_id="return-%s")
        self.criteria = {criterion.id for criterion in criteria}
        self.status = 400

    @classmethod
    def read(cls, request, criteria) -> "SendBackForm":
        said = request.POST
        known = {"reason", "due_at", "round", *(_ITEM + criterion.id for criterion in criteria)}
        only(request, known)
        return cls(criteria, said)

    def clean_due_at(self):
        due_at = self.cleaned_data["due_at"]
        if due_at <= timezone.now():
            raise forms.ValidationError(_("The new due time must be in the future."), "past")
        return due_at

    @property
    def round(self) -> int | None:
        return read_whole(self.data.get("round"))

    @property
    def items(self) -> dict[str, str]:
        """{criterion: why it goes back} for those that were named."""
        typed = {criterion: self.data.get(_ITEM + criterion, "").strip() for criterion in self.criteria}
        return {criterion: why for criterion, why in typed.items() if why}


def end_of_day(days: int) -> datetime:
    """18:00 local time `days` from today."""
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=18, minute=0, second=0, microsecond=0)


def only(request, names: set[str], *, several: set[str] = frozenset()):
    """The posted words. Refused (400) for one that is not in `names`, or that is sent twice, or for a file."""
    said = request.POST
    twice = any(len(said.getlist(key)) > 1 for key in said if key not in several)
    if request.GET or request.FILES or twice or set(said) - names - {_TOKEN}:
        raise unclear()
    return said


def _op_id(said) -> UUID | None:
    if "op_id" not in said:
        return None
    try:
        return UUID(said["op_id"])
    except ValueError as error:
        raise unclear() from error


def unclear():
    return refusals.invalid(_("This request has fields that do not belong here. Reload the page."))
