"""One dimension of the sheet as one form, its fields and their layout made from the standard."""

from dataclasses import replace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, LayoutObject
from django import forms
from django.utils.translation import gettext as _

from stationstd.i18n import local
from stationstd.refusals import Refused
from stationstd.widgets import DayInput

from .. import answers, cards
from ..answers import Cell
from ..cards import Place
from ..sheet import Card, Figure
from ..templatetags.sheet import entered, value_of
from . import posted
from .saving import read_whole

_IDS = "f-%s"
SHEET = "sheet"  # id of the <form> element that every field names, so that cards may hold forms of their own


class FigureField(forms.CharField):
    """The text a person typed for one metric, cleaned to a number; None for a blank."""

    def __init__(self, figure: Figure):
        self.figure = figure
        super().__init__(
            required=False,
            strip=True,
            label=local(figure.metric, "title"),
            help_text=local(figure.metric, "help"),
            widget=_widget(figure.metric),
        )

    def clean(self, value):
        return answers.clean(self.figure.metric, super().clean(value))


def _widget(metric) -> forms.Widget:
    return {"yes_no": _yes_no, "date": _date}.get(metric.kind, _number)(metric)


def _date(metric) -> forms.DateInput:
    attrs = {"form": SHEET, "class": "form-control num", "autocomplete": "off"} | _described(metric)
    return DayInput(attrs)


def _described(metric) -> dict[str, str]:
    """What a screen reader reads with the field: what became of it, then its range, register and help."""
    return {"aria-describedby": f"state-{metric.code} m-{metric.code}"}


def _yes_no(metric) -> forms.RadioSelect:
    choices = (("1", _("Yes")), ("0", _("No")), ("", _("Not answered")))
    return forms.RadioSelect(choices=choices)


def _number(metric) -> forms.TextInput:
    return forms.TextInput(
        attrs={
            "form": SHEET,
            "class": "form-control num",
            "inputmode": "numeric" if metric.whole else "decimal",
            "autocomplete": "off",
            "maxlength": 60,
        }
        | _described(metric)
    )


class CriterionCard(LayoutObject):
    """A criterion with its fields, its points and reason, and its evidence."""

    def __init__(self, card: Card, place: Place):
        self.card, self.place = card, place
        self.fields = [FigureRow(figure, place) for figure in card.figures if figure.applies]

    def render(self, form, context, template_pack=None, **kwargs):
        rows = self.get_rendered_fields(form, context, template_pack, **kwargs)
        place = replace(self.place, csrf_token=context.get("csrf_token", ""))
        return cards.card(place, self.card, rows)


class FigureRow(Field):
    """One field with its unit, bounds, help, last value and the register's value."""

    def __init__(self, figure: Figure, place: Place):
        super().__init__(figure.metric.code)
        self.figure, self.place = figure, place

    def render(self, form, context, template_pack=None, **kwargs):
        if not form.is_bound:
            return cards.row(self.place, self.figure, self._field)
        return cards.row_of_field(
            self.place,
            self.figure,
            form[self.figure.metric.code],
            version=form.version_of(self.figure),
            is_estimated=form.is_estimated(self.figure),
        )

    def _field(self, text: str) -> forms.BoundField:
        """The field by itself with `text` in it."""
        alone = forms.Form(auto_id=_IDS, initial={(code := self.figure.metric.code): text})
        alone.fields[code] = FigureField(self.figure)
        return alone[code]


class DimensionForm(forms.Form):
    """Every figure of one page. Field "staff.officers" has "staff.officers.version" and "….estimated" beside it."""

    def __init__(self, among: list[Card], loose: list[Figure], place: Place, data=None):
        super().__init__(data, auto_id=_IDS)
        self.status = 400
        self.refusal: Refused | None = None
        self._rebased: dict[str, int] = {}
        self.figures = [f for f in (*(f for card in among for f in card.figures), *loose) if f.applies]
        if self.is_bound:  # a page that is only shown comes from the rows' skeletons
            self.fields = {figure.metric.code: FigureField(figure) for figure in self.figures}
            self.initial = {figure.metric.code: entered(figure.cell.value, figure.metric) for figure in self.figures}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            *(CriterionCard(card, place) for card in among),
            *(FigureRow(figure, place) for figure in loose if figure.applies),
        )

    def require_known(self) -> None:
        """Refused (400) for a field that is not on this page."""
        posted.require_known(self.data, self.figures)

    def is_estimated(self, figure: Figure) -> bool:
        if self.is_bound:
            return posted.says_estimated(self.data, figure.metric.code)
        return figure.cell.state == "estimated"

    def version_of(self, figure: Figure) -> str:
        """The version this page was made from: the posted one, so that a page shown again stays based on it."""
        code = figure.metric.code
        if code in self._rebased:
            return str(self._rebased[code])
        return self.data.get(f"{code}.version", "") if self.is_bound else str(figure.cell.version)

    def based_on(self, code: str) -> int | None:
        """The version that the posted value was based on; None where the request does not say."""
        return read_whole(self.data.get(f"{code}.version") or None)

    def rebase(self, code: str, version: int) -> None:
        """From now on this field's text is based on `version`."""
        self._rebased[code] = version

    def refuse(self, code: str, refusal: Refused) -> None:
        """Show a refused write at its field. Sent again, the typed value then replaces what stands there."""
        self.status, self.refusal = refusal.status, refusal
        theirs = refusal.context.get("current")
        words = [str(refusal.message)]
        if theirs is not None:
            self.rebase(code, theirs.version)
            metric = self.fields[code].figure.metric
            words.append(
                _("Now: %(value)s. Save again to put yours in its place.") % {"value": value_of(theirs, metric)}
            )
        self.add_error(code, " ".join(words))

    def typed(self) -> dict[str, Cell]:
        """{metric: cell as typed} of the valid fields that differ from what stands there."""
        return posted.typed(self.data, self.figures, self.cleaned_data)
