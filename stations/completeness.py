"""How much of each register of a station is filled in."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .forms.funding import FundingForm
from .forms.profile import ProfileForm
from .kinds import EquipmentKind, ZoneKind

STAFFING_FIELDS = (
    "officers",
    "auxiliaries",
    "community_officers",
    "leaders",
    "leaders_college",
    "age_under_40",
    "age_40_49",
    "age_50_plus",
    "over_45",
    "edu_college",
    "edu_secondary",
    "edu_basic",
    "qual_advanced",
    "qual_intermediate",
    "qual_basic",
    "qual_none",
)
ZONE_ICONS = {
    ZoneKind.SERVICE: "people",
    ZoneKind.CASE_HANDLING: "shield-lock",
    ZoneKind.OFFICE: "building",
    ZoneKind.LIVING: "house-heart",
}


@dataclass(frozen=True)
class Part:
    """One register: how many of its entries are there. `total` is None where no count is too few."""

    register: str
    label: str
    icon: str
    address: str
    filled: int
    total: int | None
    note: str = ""

    @property
    def is_complete(self):
        return self.total is not None and self.filled >= self.total


def parts(station, year: int) -> list[Part]:
    """The registers in the order of the page; `station` comes from Station.objects.with_registers()."""
    return [
        _profile(station),
        *(_zone(station, kind) for kind in ZoneKind),
        _equipment(station),
        _funding(station, year),
        _staffing(station),
        _training(station, year),
    ]


def percent(found: list[Part]) -> int:
    """Entries that are there among all that are asked, in whole percent, rounded down: 100 means all."""
    asked = [part for part in found if part.total]
    return 100 * sum(part.filled for part in asked) // sum(part.total for part in asked)


def _profile(station):
    filled = _said(station, ProfileForm.Meta.fields)
    address = reverse("stations:profile", args=[station.code])
    return Part("profile", _("Area and premises"), "geo-alt", address, filled, len(ProfileForm.Meta.fields))


def _zone(station, kind):
    zone = next((zone for zone in station.zones.all() if zone.kind == kind), None)
    address = reverse("stations:zone", args=[station.code, kind.value])
    return Part(f"zone {kind.value}", kind.label, ZONE_ICONS[kind], address, int(zone is not None), 1, _zone_note(zone))


def _zone_note(zone):
    if zone is None:
        return ""
    if not zone.is_present:
        return _("The station does not have this zone")
    count = len(zone.rooms.all())
    return ngettext("%(count)s room", "%(count)s rooms", count) % {"count": count}


def _equipment(station):
    address = reverse("stations:equipment", args=[station.code])
    filled = len(station.equipment.all())
    return Part("equipment", _("Equipment"), "truck", address, filled, len(EquipmentKind))


def _funding(station, year):
    row = next((row for row in station.funding.all() if row.year == year), None)
    address = reverse("stations:funding", args=[station.code])
    fields = FundingForm.Meta.fields
    filled = _said(row, fields) if row else 0
    return Part(f"funding {year}", _("Funding"), "cash-stack", address, filled, len(fields), str(year))


def _staffing(station):
    row = getattr(station, "staffing", None)
    address = reverse("personnel:staffing", args=[station.code])
    filled = _said(row, STAFFING_FIELDS) if row else 0
    return Part("staffing", _("Staffing"), "person-badge", address, filled, len(STAFFING_FIELDS))


def _training(station, year):
    count = sum(1 for training in station.trainings.all() if training.held_on.year == year)
    address = reverse("personnel:training", args=[station.code])
    note = ngettext("%(count)s in %(year)s", "%(count)s in %(year)s", count) % {"count": count, "year": year}
    return Part("training", _("Training"), "mortarboard", address, count, None, note)


def _said(row, fields):
    return sum(getattr(row, name) is not None for name in fields)
