"""Forms of accounts: the role decides whether a station or a bureau is asked."""

from crispy_forms.layout import Column, Row
from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from personnel import accounts, lockout
from personnel.models import User
from personnel.roles import BUREAU_ROLES, STATION_ROLES
from stations.forms.fields import name_the_blank
from stations.forms.layout import fields
from stations.forms.organisation import BureauChoice
from stations.models import Bureau, Station
from stationstd.i18n import local


class StationChoice(forms.ModelChoiceField):
    def label_from_instance(self, station):
        return f"{local(station, 'name')} ({station.code})"


class _PlaceForm(forms.ModelForm):
    """Asks for the place that fits the role and clears the other one."""

    station = StationChoice(
        label=_("Station"),
        queryset=Station.objects.select_related(None),
        required=False,
        help_text=_("For chiefs and clerks."),
    )
    bureau = BureauChoice(
        label=_("Bureau"),
        queryset=Bureau.objects.all(),
        required=False,
        help_text=_("For reviewers, leaders and system administrators."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_blank(self)

    def clean(self):
        cleaned = super().clean()
        role = cleaned.get("role")
        for place, roles in (("station", STATION_ROLES), ("bureau", BUREAU_ROLES)):
            if role not in roles:
                cleaned[place] = None
            elif cleaned.get(place) is None and place not in self.errors:
                self.add_error(place, _("This role needs a place: choose one."))
        return cleaned


def _place_columns():
    """Cells that static/js/registers.js shows as the role asks; without it both are shown."""
    return Row(
        Column("role", css_class="col-md-4"),
        Column("station", css_class="col-md-4", data_for_roles=" ".join(STATION_ROLES)),
        Column("bureau", css_class="col-md-4", data_for_roles=" ".join(BUREAU_ROLES)),
    )


class NewAccountForm(_PlaceForm):
    class Meta:
        model = User
        fields = ("username", "name", "role", "station", "bureau")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none"}
        self.helper = fields(
            Row(Column("username", css_class="col-md-4"), Column("name", css_class="col-md-4")),
            _place_columns(),
        )


def reason():
    return forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Kept in the audit log."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class UnlockForm(forms.Form):
    reason = reason()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="unlock_%s", **kwargs)
        self.helper = fields()


class AccountForm(_PlaceForm):
    reason = reason()

    class Meta:
        model = User
        fields = ("name", "role", "station", "bureau", "certificate", "is_active")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not settings.CERTIFICATE_HEADER:
            del self.fields["certificate"]
        self.fields["is_active"].help_text = _("An inactive account cannot log in; its open pages stop working.")
        certificate = ["certificate"] if settings.CERTIFICATE_HEADER else []
        self.helper = fields(
            Row(Column("name", css_class="col-md-4")), _place_columns(), *certificate, "is_active", "reason"
        )


class OwnPasswordForm(PasswordChangeForm):
    """Wrong old passwords count like failed logins; the last five passwords do not come back."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields()

    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        if not lockout.check(self.user, password):
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password

    def clean(self):
        cleaned = super().clean()
        new = cleaned.get("new_password1")
        if new and not self.errors and accounts.was_used(self.user, new):
            self.add_error("new_password1", _("You have had this password before: choose another one."))
        return cleaned
