"""What a request of the bureau may say: these words and no others."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationstd.keys import unclear

from .days import near
from .saving import read_op_id, read_whole

DAYS_TO_CORRECT = 3
_ITEM = "item."


class Changing(NamedTuple):
    """A reviewer's change of one fact; `raw` is still text, `item` the criterion on whose card it was made."""

    metric: str
    raw: str
    state: str
    reason: str
    version: int | None
    round: int | None
    op_id: UUID | None
    item: str

    @classmethod
    def read(cls, request) -> "Changing":
        said = request.POST
        state = said.get("state", "answered")
        if state not in ("answered", "na", "self"):
            raise unclear()
        return cls(
            metric=said.get("metric", ""),
            raw=said.get("value", ""),
            state=state,
            reason=said.get("reason", ""),
            version=read_whole(said.get("version")),
            round=read_whole(said.get("round")),
            op_id=read_op_id(said),
            item=said.get("item", ""),
        )


class Accepting(NamedTuple):
    """The criteria a reviewer accepts, and the dimension when all that is left of one was accepted."""

    criteria: list[str]
    dimension: str
    round: int | None

    @classmethod
    def read(cls, request) -> "Accepting":
        said = request.POST
        return cls(said.getlist("criterion"), said.get("dimension", ""), read_whole(said.get("round")))


def read_round(request) -> int | None:
    """The round an act was meant for; None when the request does not say."""
    return read_whole(request.POST.get("round"))


class DueForm(forms.Form):
    """A new due time and the reason for it; the station reads both."""

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

    def clean_due_at(self):
        due_at = self.cleaned_data["due_at"]
        near(due_at.date())
        if due_at <= timezone.now():
            raise forms.ValidationError(_("The new due time must be in the future."), "past")
        return due_at

    @property
    def round(self) -> int | None:
        return read_whole(self.data.get("round"))


class SendBackForm(DueForm):
    """Why an assessment goes back and until when; a reason for each criterion that has to be corrected."""

    def __init__(self, criteria, data=None):
        super().__init__(data, initial={"due_at": end_of_day(DAYS_TO_CORRECT)}, auto_id="return-%s")
        self.criteria = {criterion.id for criterion in criteria}
        self.status = 400

    @classmethod
    def read(cls, request, criteria) -> "SendBackForm":
        items = {_ITEM + criterion.id for criterion in criteria}
        if any(key.startswith(_ITEM) and key not in items for key in request.POST):
            raise unclear()
        return cls(criteria, request.POST)

    @property
    def items(self) -> dict[str, str]:
        """{criterion: why it goes back} for those that were named."""
        typed = {criterion: self.data.get(_ITEM + criterion, "").strip() for criterion in self.criteria}
        return {criterion: why for criterion, why in typed.items() if why}


def end_of_day(days: int, after: datetime | None = None) -> datetime:
    """18:00 local time, `days` after today and not before `days` after that moment."""
    day = timezone.localtime(max(timezone.now(), after or timezone.now())) + timedelta(days=days)
    return day.replace(hour=18, minute=0, second=0, microsecond=0)
