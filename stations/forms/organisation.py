"""Forms of the organisation: stations and bureaus."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from stations.models import Bureau, Station, StationClass
from stationstd.i18n import local

from .fields import name_the_blank
from .layout import fields

# The code is part of addresses; "new" is the address of the form for a new one.
code_is_plain = RegexValidator(r"^(?!new$)[A-Za-z0-9][A-Za-z0-9._-]*$", _("Letters, digits, dot and dash only."))


class BureauChoice(forms.ModelChoiceField):
    def label_from_instance(self, bureau):
        return "　" * (bureau.depth - 1) + local(bureau, "name")


class ClassChoice(forms.ModelChoiceField):
    def label_from_instance(self, station_class):
        return local(station_class, "name")


class _OrganisationForm(forms.ModelForm):
    """Common to both: the code is given once, names are in two languages."""

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = Bureau.objects.visible_to(by)
        self.fields["code"].validators.append(code_is_plain)
        if self.instance.pk:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("The code is kept for good.")
        self.fields["name_en"].help_text = _("Shown to readers of the English pages.")
        name_the_blank(self)
        self.helper = fields()


class StationForm(_OrganisationForm):
    bureau = BureauChoice(label=_("Bureau"), queryset=Bureau.objects.none())
    station_class = ClassChoice(
        label=_("Class"),
        queryset=StationClass.objects.all(),
        help_text=_("Norms and the group of the ranking depend on it."),
    )

    class Meta:
        model = Station
        fields = ("code", "name", "name_en", "bureau", "station_class", "is_active")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        self.fields["bureau"].queryset = self.places
        self.fields["is_active"].help_text = _("An inactive station is left out of new periods; nothing is deleted.")
        if not self.instance.pk:
            del self.fields["is_active"]


class BureauForm(_OrganisationForm):
    parent = BureauChoice(label=_("Belongs to"), queryset=Bureau.objects.none())

    class Meta:
        model = Bureau
        fields = ("parent", "code", "name", "name_en", "level")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        if self.instance.pk:
            del self.fields["parent"]
        else:
            self.fields["parent"].queryset = self.places

    def clean(self):
        """A level lies between the one above and the ones below."""
        cleaned = super().clean()
        if level := cleaned.get("level"):
            ranks = Bureau.Level.values
            above, below = self._above(cleaned), self._below()
            if above and ranks.index(level) <= ranks.index(above.level):
                self.add_error("level", _("The level must be lower than that of the bureau above."))
            elif any(ranks.index(level) >= ranks.index(child.level) for child in below):
                self.add_error("level", _("The level must be higher than that of the bureaus below."))
        return cleaned

    def _above(self, cleaned):
        return Bureau.objects.get_parent(self.instance) if self.instance.pk else cleaned.get("parent")

    def _below(self):
        return Bureau.objects.get_children(self.instance) if self.instance.pk else []
