"""The forms of a metric and of a derived value of a draft."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..registers import METRICS
from ..scoring import forbidden, formula, typed
from ..scoring.metrics import BOUNDS, EFFORTS, FIXERS, KINDS, UNITS, WHOLE
from . import bilingual
from .criterion import Figured, choices, refuse_forbidden
from .figures import Figures, local, no_figure, rows, uses_of
from .formulas import NoFigure, coded, formula_told, words_of

_UNIT_LESS = {kind for kind, (unit, _unit_en) in UNITS.items()}
_TITLE = {"label": gettext_lazy("Title"), "max_length": 120}
_TITLE_EN = {
    "label": gettext_lazy("English title"),
    "max_length": 200,
    "required": False,
    "help_text": bilingual.HINT,
}
_UNIT = {"label": gettext_lazy("Unit"), "max_length": 20, "required": False}
_UNIT_EN = {
    "label": gettext_lazy("English unit"),
    "max_length": 40,
    "required": False,
    "help_text": bilingual.HINT,
}
_NAMED = ("title", "unit")  # what has an English text beside it


class _Styled(forms.Form):
    """Fields as the pages show them, wrong ones marked."""

    def styled(self) -> None:
        for field in self.fields.values():
            if isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-check-input"
            elif not isinstance(field.widget, forms.CheckboxSelectMultiple):
                kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
                field.widget.attrs["class"] = kind
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                attrs = self.fields[name].widget.attrs
                attrs["class"] = f"{attrs.get('class', '')} is-invalid".strip()


class NewFigureForm(_Styled):
    """The least that a new metric needs, on the page of a criterion."""

    names = ("figure_title", "figure_title_en", "figure_kind", "figure_unit", "figure_unit_en")

    figure_title = forms.CharField(**_TITLE)
    figure_title_en = forms.CharField(**_TITLE_EN)
    figure_kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    figure_unit = forms.CharField(**_UNIT)
    figure_unit_en = forms.CharField(**_UNIT_EN)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["figure_kind"].choices = choices("kind", KINDS)
        self.styled()

    def clean(self):
        cleaned = super().clean()
        bare = {key.removeprefix("figure_"): value for key, value in cleaned.items()}
        bilingual.fill_in(bare, *_NAMED)
        cleaned |= {f"figure_{key}": value for key, value in bare.items()}
        _ask_for_unit(self, bare, "figure_")
        refuse_forbidden(self, "", bare, field="figure_title")
        return cleaned

    def put(self, document: dict, code: str) -> None:
        """Write the metric into a document."""
        values = {key.removeprefix("figure_"): value for key, value in self.cleaned_data.items()}
        kept = ("kind", "title", "title_en", *(("unit", "unit_en") if values["kind"] not in _UNIT_LESS else ()))
        document.setdefault("metric", {})[code] = {key: values[key] for key in kept}


def _ask_for_unit(form: forms.Form, cleaned: Mapping, prefix: str = "") -> None:
    """A unit is needed where the kind has none of its own."""
    if cleaned.get("kind") not in _UNIT_LESS and not cleaned.get("unit"):
        form.add_error(f"{prefix}unit", forms.ValidationError(_("Fill this in."), "required"))


class MetricForm(_Styled):
    """A metric as it stands in a document; `row` is None for a new one, whose code is proposed and may be typed."""

    names = (
        "kind",
        "title",
        "title_en",
        "short",
        "short_en",
        "unit",
        "unit_en",
        "low",
        "high",
        "whole",
        "dimension",
        "required",
        "register",
        "fixable_by",
        "effort",
        "applies_to",
        "help",
        "help_en",
    )

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    title = forms.CharField(**_TITLE)
    title_en = forms.CharField(**_TITLE_EN)
    unit = forms.CharField(**_UNIT)
    unit_en = forms.CharField(**_UNIT_EN)
    short = forms.CharField(label=gettext_lazy("Short title"), max_length=60, required=False)
    short_en = forms.CharField(label=gettext_lazy("English short title"), max_length=100, required=False)
    low = Figured(label=gettext_lazy("Lowest value"), required=False)
    high = Figured(label=gettext_lazy("Highest value"), required=False)
    whole = forms.BooleanField(label=gettext_lazy("Whole numbers only"), required=False)
    required = forms.BooleanField(label=gettext_lazy("Must be answered before submitting"), required=False)
    register = forms.BooleanField(label=gettext_lazy("Filled in from the registers"), required=False)
    dimension = forms.ChoiceField(label=gettext_lazy("Page it is asked on"), required=False)
    fixable_by = forms.ChoiceField(label=gettext_lazy("Who can change it"))
    effort = Figured(
        label=gettext_lazy("Effort of one unit"),
        required=False,
        help_text=gettext_lazy("1 is about one more thing of the usual sort. Left empty: the usual of its kind."),
    )
    applies_to = forms.MultipleChoiceField(
        label=gettext_lazy("Classes that have it"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
        help_text=gettext_lazy("None ticked: all classes."),
    )
    help = forms.CharField(
        label=gettext_lazy("Help beside the field"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    help_en = forms.CharField(
        label=gettext_lazy("Help in English"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args, document: Mapping, row: Mapping | None, code: str, classes: Mapping, **kwargs):
        self.document, self.row, self.code = document, row, code
        super().__init__(*args, **kwargs)
        if row is None:
            _add_code(self, code)
        self.fields["kind"].choices = choices("kind", KINDS)
        self.fields["fixable_by"].choices = choices("fixable_by", FIXERS)
        self.fields["applies_to"].choices = list(classes.items())
        tops = [each for each in rows(document, "section") if not each.get("in")]
        own = [("", _("The first section that uses it"))]
        self.fields["dimension"].choices = own + [(each.get("code", ""), local(each, "title")) for each in tops]
        if row is not None and not row.get("register") and code not in METRICS:
            del self.fields["register"]
        if not self.is_bound:
            self.initial |= self._written()
        self.styled()

    def _written(self) -> dict:
        row = self.row or {}
        kind = row.get("kind", KINDS[0])
        usual = {"kind": kind, "required": True, "whole": kind in WHOLE, "fixable_by": "station"}
        found = usual | {name: row[name] for name in self.fields if name in row}
        found |= {name: typed.shown(row[name]) for name in ("low", "high", "effort") if name in row}
        return found | bilingual.own(row, *_NAMED)

    def clean_code(self):
        return _cleaned_code(self)

    def clean(self):
        cleaned = super().clean()
        bilingual.fill_in(cleaned, *_NAMED)
        _ask_for_unit(self, cleaned)
        code = cleaned.get("code") or self.code
        refuse_forbidden(self, code, cleaned)
        low, high = (cleaned.get(name) for name in ("low", "high"))
        if low is not None and high is not None and low > high:
            self.add_error("low", forms.ValidationError(_("This is over the highest value."), "order"))
        if cleaned.get("effort") is not None and cleaned["effort"] <= 0:
            self.add_error("effort", forms.ValidationError(_("This must be over 0."), "least"))
        if cleaned.get("register") and code not in METRICS:
            words = _("The registers know nothing of “%(code)s”: its figures would stay empty.")
            self.add_error("register", forms.ValidationError(words % {"code": code}, "register"))
        return cleaned

    def put(self, document: dict, code: str) -> None:
        """Write the metric into a document; what says no more than its kind does is left out where it was."""
        cleaned, kind = self.cleaned_data, self.cleaned_data["kind"]
        row = document.setdefault("metric", {}).setdefault(code, {})
        unit, unit_en = UNITS.get(kind, ("", ""))
        low, high = BOUNDS.get(kind, (0, None))
        usual = {
            "unit": unit,
            "unit_en": unit_en,
            "low": low,
            "high": high,
            "whole": kind in WHOLE,
            "required": True,
            "register": False,
            "fixable_by": "station",
            "effort": Decimal(EFFORTS.get(kind, "1")),
        }
        for name in (name for name in self.names if name in cleaned):
            value = cleaned[name]
            if value in (None, "", []) or (name not in row and name in usual and value == usual[name]):
                row.pop(name, None)
            else:
                row[name] = value


class DerivedForm(_Styled):
    """A value worked out from figures; `row` is None for a new one."""

    names = ("title", "title_en", "short", "short_en", "kind", "unit", "unit_en", "formula")

    title = forms.CharField(**_TITLE)
    title_en = forms.CharField(**_TITLE_EN)
    formula = forms.CharField(
        label=gettext_lazy("Formula"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Codes of figures, or their names in 「」, with + - × ÷, parentheses, min, max, round, floor, ceil, if …"
        ),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20)
    unit_en = forms.CharField(**_UNIT_EN)
    short = forms.CharField(label=gettext_lazy("Short title"), max_length=60, required=False)
    short_en = forms.CharField(label=gettext_lazy("English short title"), max_length=100, required=False)

    def __init__(self, *args, document: Mapping, row: Mapping | None, code: str, classes: Mapping, **kwargs):
        self.document, self.row, self.code, self.figures = document, row, code, Figures(document)
        super().__init__(*args, **kwargs)
        if row is None:
            _add_code(self, code)
        self.fields["kind"].choices = choices("kind", KINDS)
        if not self.is_bound:
            written = {name: row[name] for name in self.fields if row and name in row}
            self.initial |= {"kind": "number"} | written | bilingual.own(row or {}, *_NAMED)
        self.styled()

    def clean_code(self):
        return _cleaned_code(self)

    def clean_formula(self):
        """A formula that can be read, of figures that are there, and not in a circle."""
        try:
            text = coded(self.figures, self.cleaned_data["formula"].strip())
        except NoFigure as error:
            raise forms.ValidationError(str(error), "unknown") from None
        try:
            uses = formula.metrics_in(formula.parse(text))
        except formula.FormulaError as error:
            words = _("The formula cannot be read: %(what)s") % {"what": formula_told(str(error))}
            raise forms.ValidationError(words, "formula") from None
        for name in uses:
            if self.figures.code_of(name) != name:
                raise forms.ValidationError(no_figure(self.figures, name), "unknown")
        if self.code in self._rest_on(uses):
            raise forms.ValidationError(_("The formula goes in a circle: it rests on itself."), "circle")
        return text

    def _rest_on(self, uses) -> set[str]:
        """Codes that a formula rests on, all the way down."""
        found, waiting = set(), list(uses)
        while waiting:
            code = waiting.pop()
            found.add(code)
            waiting += [each for each in uses_of(self.figures, code) if each not in found]
        return found

    @property
    def in_words(self) -> str:
        """The formula with the titles of its figures; "" while it cannot be read."""
        try:
            return words_of(self.figures, coded(self.figures, self["formula"].value() or ""))
        except NoFigure:
            return ""

    def clean(self):
        cleaned = super().clean()
        bilingual.fill_in(cleaned, *_NAMED)
        refuse_forbidden(self, cleaned.get("code") or self.code, cleaned)
        return cleaned

    def put(self, document: dict, code: str) -> None:
        row = document.setdefault("derived", {}).setdefault(code, {})
        for name in self.names:
            value = self.cleaned_data[name]
            if not value or (name == "kind" and name not in row and value == "number"):
                row.pop(name, None)
            else:
                row[name] = value


def _add_code(form: forms.Form, code: str) -> None:
    form.fields["code"] = forms.RegexField(
        rf"\A{forbidden.CODE.pattern}\Z",
        label=_("Code"),
        max_length=80,
        initial=code,
        help_text=_("Two or more words of a-z, 0-9 and _ joined by dots. It stays for good."),
        error_messages={"invalid": _("Two or more words of a-z, 0-9 and _ joined by dots, such as local.visits.")},
    )
    form.order_fields(["code", *form.fields])


def _cleaned_code(form: forms.Form) -> str:
    code = form.cleaned_data["code"]
    if code in Figures(form.document).by_code:
        raise forms.ValidationError(_("“%(name)s” is there already. Choose another name.") % {"name": code}, "taken")
    return code
