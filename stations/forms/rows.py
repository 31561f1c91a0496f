"""What the pages of all registers share: the fingerprint, the stored values, what differs, in words."""

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from stations import registers


class Page:
    """One page of a register; registers.save() says what the methods are for."""

    register: str
    station = None
    overtaken = None  # [(label, theirs, mine)] once overtake() has been called
    last_save = None

    @property
    def history(self) -> str:
        """What the change history calls this register: of funding all years together."""
        return "funding" if self.register.startswith("funding") else self.register

    @property
    def book(self) -> str:
        """The workbook that holds this register, "" where none does: all zones are in one."""
        kind = self.register.partition(" ")[0]
        return {"zone": "zones", "profile": ""}.get(kind, kind)

    @property
    def based_on(self) -> str:
        """The fingerprint of the rows that the person saw; "" if the form does not say."""
        return self.data.get("based_on", "")

    @property
    def fingerprint(self) -> str:
        """For the hidden field: what this page is based on, or the rows of now when it is a new one."""
        if self.data and self.overtaken is None:
            return self.based_on
        return registers.fingerprint(self.stored())

    def overtake(self):
        """Somebody was faster: show their values beside the typed ones; saving again means to replace them."""
        stored, typed = self.stored(), self.typed()
        self.last_save = registers.last_save(self.station, self.register)
        self.overtaken = [
            (self.label(key), words(theirs), words(mine))
            for key, (theirs, mine) in registers.differences(stored, typed).items()
        ]


class RowPage(Page, forms.ModelForm):
    """A register, or a part of one, that is a single row of a table."""

    def stored(self):
        """The columns of this form as the database holds them now; {} while there is no row."""
        row = self._meta.model.objects.filter(**self.where()).first()
        return model_to_dict(row, fields=self._meta.fields) if row else {}

    def typed(self):
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def write(self):
        model = self._meta.model
        model.objects.update_or_create(**self.where(), defaults=self.typed())

    def label(self, key):
        return self.fields[key].label


def words(value) -> str:
    """A stored value for a reader: yes, no, a dash for nothing."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)
