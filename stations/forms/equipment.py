"""The equipment grid: one row a kind. A row without a quantity is a kind that nobody has entered."""

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from stations.kinds import EquipmentKind
from stations.models import Equipment

from .fields import form_field
from .rows import Page

COLUMNS = ("quantity", "issued", "required")


class EquipmentRow(forms.ModelForm):
    class Meta:
        model = Equipment
        fields = COLUMNS
        formfield_callback = form_field

    def __init__(self, kind, row, data=None):
        self.kind = kind
        super().__init__(data, instance=row or Equipment(kind=kind), initial=_shown(row), prefix=kind.value)
        for name in COLUMNS:
            self.fields[name].required = False

    def clean(self):
        cleaned = super().clean()
        quantity, issued = cleaned.get("quantity"), cleaned.get("issued")
        if quantity is None and "quantity" not in self.errors and self._says_anything(cleaned):
            self.add_error("quantity", _("Enter the quantity; 0 if there is none."))
        if quantity is not None and issued is not None and issued > quantity:
            self.add_error(
                "issued",
                _("%(issued)s are issued, but there are only %(quantity)s.") % {"issued": issued, "quantity": quantity},
            )
        return cleaned

    def _says_anything(self, cleaned):
        return any(cleaned.get(name) is not None for name in ("issued", "required"))

    def _post_clean(self):
        """The grid writes the rows; a half-filled instance is not to be judged by the model."""

    def values(self):
        """The row as it would be stored; None for a kind that is not entered."""
        if self.cleaned_data["quantity"] is None:
            return None
        return self.cleaned_data | {"issued": self.cleaned_data["issued"] or 0}


class EquipmentPage(Page):
    register = "equipment"
    keys = tuple(f"{kind.value}-{column}" for kind in EquipmentKind for column in COLUMNS)

    def __init__(self, station, data=None):
        self.station, self.data = station, data or {}
        rows = {row.kind: row for row in station.equipment.all()}
        self.rows = [EquipmentRow(kind, rows.get(kind), data) for kind in EquipmentKind]

    def is_valid(self):
        valid = [row.is_valid() for row in self.rows]  # all of them, so that every mistake is shown
        return all(valid)

    @property
    def has_errors(self):
        return any(row.errors for row in self.rows)

    def stored(self):
        rows = Equipment.objects.filter(station=self.station)
        return _flat((row.kind, model_to_dict(row, fields=COLUMNS)) for row in rows)

    def typed(self):
        return _flat((row.kind, row.values()) for row in self.rows if row.values())

    def write(self):
        for row in self.rows:
            if values := row.values():
                Equipment.objects.update_or_create(station=self.station, kind=row.kind, defaults=values)
            else:
                Equipment.objects.filter(station=self.station, kind=row.kind).delete()

    def label(self, key):
        kind, column = key.split(".")
        return f"{EquipmentKind(kind).label} · {Equipment._meta.get_field(column).verbose_name}"


def _shown(row):
    """Blank cells, not zeros, for a kind that is not entered."""
    return None if row else dict.fromkeys(COLUMNS)


def _flat(rows):
    return {f"{kind}.{column}": value for kind, values in rows for column, value in values.items()}
