"""What a request may say when it objects, withdraws, or answers an objection."""

from typing import NamedTuple
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationstd.i18n import local

from .. import answers
from ..answers import Cell
from ..layered import Item, Line
from ..models import Objection
from .saving import read_op_id, read_whole

_TEXT = {"class": "form-control", "rows": 4, "maxlength": 2000}
VALUE, STATE = "value.", "state."
# What a reviewer who upholds an objection says of a fact.
STATES = {
    "self": gettext_lazy("as the station said"),
    "verified": gettext_lazy("as verified"),
    "answered": gettext_lazy("the value beside"),
    "na": gettext_lazy("not applicable"),
}


class ObjectingForm(forms.Form):
    """Against which criterion, and why. The criteria of `without` are not offered."""

    criterion = forms.ChoiceField(
        label=gettext_lazy("Criterion"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": gettext_lazy("Choose a criterion")},
    )
    ground = forms.CharField(
        label=gettext_lazy("Ground"),
        max_length=2000,
        widget=forms.Textarea(attrs=_TEXT),
        error_messages={"required": gettext_lazy("Say why the result of this criterion is not right.")},
    )

    def __init__(self, criteria, data=None, chosen="", without=frozenset()):
        super().__init__(data, initial={"criterion": chosen}, auto_id="objecting-%s")
        offered = [(number, each) for number, each in enumerate(criteria, 1) if each.id not in without]
        numbered = [(each.id, f"{number}. {local(each, 'title')}") for number, each in offered]
        self.fields["criterion"].choices = [("", _("Choose a criterion")), *numbered]

    @property
    def round(self) -> int | None:
        return read_whole(self.data.get("round"))

    @property
    def op_id(self) -> UUID | None:
        return read_op_id(self.data)


class Withdrawing(NamedTuple):
    """Which objection is taken back."""

    objection: int | None
    round: int | None

    @classmethod
    def read(cls, request) -> "Withdrawing":
        return cls(read_whole(request.POST.get("objection")), read_whole(request.POST.get("round")))


class AnsweringForm(forms.Form):
    """Upheld or dismissed, the answer, and the facts of the criterion as they are right.

    For each figure of the criterion there are the fields value.<code> and state.<code>.
    """

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (Objection.Outcome.UPHELD.value, Objection.Outcome.UPHELD.label),
            (Objection.Outcome.DISMISSED.value, Objection.Outcome.DISMISSED.label),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": gettext_lazy("Say whether the objection is upheld or dismissed.")},
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=2000,
        widget=forms.Textarea(attrs=_TEXT),
        error_messages={"required": gettext_lazy("Give the answer. The station will read it.")},
    )

    def __init__(self, item: Item, data=None):
        super().__init__(data, auto_id="answering-%s")
        self.item = item
        self.wanted: dict[str, Cell] = {}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == Objection.Outcome.UPHELD:
            for line in self.lines:
                self._want(line)
        return cleaned

    def _want(self, line: Line) -> None:
        try:
            self.wanted[line.metric.code] = self._cell(line)
        except ValidationError as error:
            self.add_error(None, ValidationError([f"{local(line.metric, 'title')}: {each}" for each in error.messages]))

    def _cell(self, line: Line) -> Cell:
        state = self.said_state(line)
        if state == "self":
            return line.self_cell
        if state == "verified":
            return line.cell
        if state == "na":
            return Cell(None, "na")
        if state != "answered":
            raise ValidationError(_("This page has no such choice."))
        value = answers.clean(line.metric, self.said_value(line))
        if value is None:
            raise ValidationError(_("Give the verified fact, or choose “not applicable”."))
        return Cell(value, "answered")

    @property
    def lines(self) -> list[Line]:
        """The figures of the criterion that this class of station has."""
        return [line for line in self.item.lines if line.applies]

    @property
    def fields_of_lines(self) -> list[dict]:
        """For the page: each line with what was said of it."""
        return [
            {"line": line, "state": self.said_state(line), "value": self.said_value(line), "states": STATES.items()}
            for line in self.lines
        ]

    def said_state(self, line: Line) -> str:
        return self.data.get(STATE + line.metric.code, "self")

    def said_value(self, line: Line) -> str:
        return self.data.get(VALUE + line.metric.code, "")

    @property
    def knows(self) -> set[str]:
        return {prefix + line.metric.code for line in self.lines for prefix in (VALUE, STATE)}

    @property
    def round(self) -> int | None:
        return read_whole(self.data.get("round"))
