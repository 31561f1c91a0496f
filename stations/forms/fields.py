"""Form fields that take numbers as people type them and say in words what is wrong."""

import unicodedata
from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST = 99_999_999
# Cells of a grid and single fields alike: text inputs, because a number input of a browser
# drops what it does not understand and the person could not see the mistake.
_TYPED = {"inputmode": "numeric", "autocomplete": "off", "class": "num"}


def tidy(text):
    """Full-width digits as digits, without separators of thousands: "４７,９７０" → "47970"."""
    if not isinstance(text, str) or any(unicodedata.category(sign) == "No" for sign in text):
        return text  # of 10² would become 102
    return unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").strip()


class _Bounded:
    """Bounds with messages of our own; `low` and `high` are included."""

    def bound(self, low, high):
        self.validators += [
            MinValueValidator(low, _("Enter %(limit_value)s or more.")),
            MaxValueValidator(high, _("Enter %(limit_value)s or less.")),
        ]

    def to_python(self, value):
        return super().to_python(tidy(value))


class WholeNumber(_Bounded, forms.IntegerField):
    """A count of persons or things, 0 to `high`."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Enter a whole number, for example 12.")}

    def __init__(self, *, high=MOST, low=0, **kwargs):
        kwargs.pop("min_value", None)
        kwargs.pop("max_value", None)
        super().__init__(**kwargs)
        self.bound(low, high)

    def widget_attrs(self, widget):
        return dict(_TYPED)


class Amount(_Bounded, forms.DecimalField):
    """An amount with at most two decimals."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Enter a number, for example 28000 or 28000.50."),
        "max_decimal_places": _("Enter at most two decimals."),
        "max_digits": _("This number is too large."),
        "max_whole_digits": _("This number is too large."),
    }

    def __init__(self, **kwargs):
        kwargs.pop("min_value", None)
        kwargs.pop("max_value", None)
        super().__init__(**kwargs)
        self.validators += [MinValueValidator(0, _("Enter %(limit_value)s or more."))]

    def widget_attrs(self, widget):
        return _TYPED | {"inputmode": "decimal"}

    def prepare_value(self, value):
        """A stored amount without the zeros that the column adds: 2800.00 as "2800"."""
        if isinstance(value, Decimal):
            return f"{value:f}".rstrip("0").rstrip(".") if value.as_tuple().exponent < 0 else f"{value:f}"
        return value


class YesNo(forms.TypedChoiceField):
    """Yes, no, or not yet said: True, False, None."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs):
        kwargs.setdefault("choices", [("yes", _("Yes")), ("no", _("No"))])
        super().__init__(coerce=lambda text: text == "yes", empty_value=None, **kwargs)

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)


def name_the_blank(form):
    """Drop-downs start with "Choose…" instead of dashes."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = _("Choose…")
        elif isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.Select):
            field.choices = [(code, label if code else _("Choose…")) for code, label in field.choices]


def form_field(column, **kwargs):
    """The field of this house for a column of a model; Meta.formfield_callback of the register forms."""
    kwargs.pop("widget", None)
    if isinstance(column, models.BooleanField) and column.null:
        return YesNo(label=column.verbose_name, required=not column.blank, help_text=column.help_text)
    if isinstance(column, models.PositiveSmallIntegerField):
        return column.formfield(form_class=WholeNumber, high=9999)
    if isinstance(column, models.PositiveIntegerField):
        return column.formfield(form_class=WholeNumber)
    if isinstance(column, models.DecimalField):
        return column.formfield(form_class=Amount)
    return column.formfield(**kwargs)
