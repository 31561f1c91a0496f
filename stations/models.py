"""Places and things: the bureau tree, stations, and the registers kept of each all year round."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from .kinds import EquipmentKind, RoomKind, ZoneKind
from .querysets import BureauManager, StationQuerySet


class Bureau(MP_Node):
    """A bureau in the tree (ministry, province, city, county). Add with add_root() and add_child()."""

    class Level(models.TextChoices):
        MINISTRY = "ministry", _("Ministry")
        PROVINCE = "province", _("Province")
        CITY = "city", _("City")
        COUNTY = "county", _("County")

    code = models.CharField(_("Code"), max_length=20, unique=True)
    name = models.CharField(_("Name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    level = models.CharField(_("Level"), max_length=10, choices=Level)

    objects = BureauManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["ministry", "province", "city", "county"]), name="bureau_level_known"
            )
        ]

    def __str__(self):
        return self.name


class StationClass(models.Model):
    """中心城区, 城关, 建制镇, 农村牧区, 景区: what norms depend on. A standard refers to the code."""

    code = models.SlugField(_("Code"), primary_key=True, max_length=20)
    name = models.CharField(_("Name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.name


class Station(models.Model):
    """A police station. Facts about its area are None while nobody has entered them."""

    code = models.CharField(_("Code"), max_length=20, unique=True)
    name = models.CharField(_("Name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("Bureau"), related_name="stations")
    station_class = models.ForeignKey(StationClass, models.PROTECT, verbose_name=_("Class"))
    residents = models.PositiveIntegerField(_("Residents"), null=True, blank=True)
    households = models.PositiveIntegerField(_("Households"), null=True, blank=True)
    has_own_premises = models.BooleanField(_("Own premises"), null=True, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    illustrative = models.BooleanField(
        _("Illustrative values"), default=False, help_text=_("Some values are generated for the demo.")
    )

    objects = StationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("stations:registers", args=[self.code])


class FunctionalZone(models.Model):
    """One of the four zones of a station, with the access control on its boundaries."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="zones")
    kind = models.CharField(_("Zone"), max_length=20, choices=ZoneKind)
    is_present = models.BooleanField(
        _("The station has this zone"),
        default=True,
        help_text=_("No row at all means that nobody has said yet."),
    )
    boundaries = models.PositiveSmallIntegerField(_("Boundaries to other zones"), default=0)
    boundaries_controlled = models.PositiveSmallIntegerField(_("Boundaries with working access control"), default=0)
    is_closed_line = models.BooleanField(
        _("Case handling is one closed line"),
        null=True,
        blank=True,
        help_text=_("Only for the case-handling zone."),
    )

    class Meta:
        ordering = ["station", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["station", "kind"], name="zone_once_per_station"),
            models.CheckConstraint(condition=Q(kind__in=ZoneKind.values), name="zone_kind_known"),
            models.CheckConstraint(
                condition=Q(boundaries_controlled__lte=F("boundaries")),
                name="zone_controlled_within_boundaries",
            ),
        ]

    def __str__(self):
        return str(self.get_kind_display())


class Room(models.Model):
    """A functional room and its fittings."""

    zone = models.ForeignKey(FunctionalZone, models.CASCADE, related_name="rooms")
    kind = models.CharField(_("Room"), max_length=20, choices=RoomKind)
    name = models.CharField(_("Name or number"), max_length=60, blank=True)
    area_m2 = models.DecimalField(
        _("Area (m²)"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    has_camera = models.BooleanField(_("Video"), default=False)
    has_recording = models.BooleanField(_("Synchronous audio and video"), default=False)
    has_alarm = models.BooleanField(_("Alarm"), default=False)
    is_padded = models.BooleanField(_("Soft fit-out"), default=False)
    has_dual_display = models.BooleanField(_("Dual display"), default=False)
    has_one_way_glass = models.BooleanField(_("One-way glass"), default=False)
    has_flow_chart = models.BooleanField(_("Flow chart on the wall"), default=False)

    class Meta:
        ordering = ["zone", "kind", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RoomKind.values), name="room_kind_known"),
            models.CheckConstraint(
                condition=Q(area_m2__isnull=True) | Q(area_m2__gte=0), name="room_area_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(has_recording=False) | Q(has_camera=True), name="room_recording_needs_video"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.name}".strip()


class Equipment(models.Model):
    """How many of one kind a station has, how many of those are issued, and how many it should have."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="equipment")
    kind = models.CharField(_("Equipment"), max_length=30, choices=EquipmentKind)
    quantity = models.PositiveIntegerField(_("Quantity"), default=0)
    issued = models.PositiveIntegerField(_("Issued to a named person"), default=0)
    required = models.PositiveIntegerField(_("Required"), null=True, blank=True)

    class Meta:
        ordering = ["station", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["station", "kind"], name="equipment_once_per_station"),
            models.CheckConstraint(condition=Q(kind__in=EquipmentKind.values), name="equipment_kind_known"),
            models.CheckConstraint(condition=Q(issued__lte=F("quantity")), name="equipment_issued_within_quantity"),
        ]

    def __str__(self):
        return str(self.get_kind_display())


class Funding(models.Model):
    """Money of one station in one calendar year, in yuan; None where not known."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="funding")
    year = models.PositiveSmallIntegerField(_("Year"))
    public_funds_yuan = models.DecimalField(
        _("Public funds (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    running_need_yuan = models.DecimalField(
        _("Running cost needed (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    running_received_yuan = models.DecimalField(
        _("Running cost received (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    non_budget_yuan = models.DecimalField(
        _("Money from outside the budget (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    class Meta:
        ordering = ["station", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["station", "year"], name="funding_once_per_year"),
            models.CheckConstraint(condition=Q(year__gte=1990, year__lte=2100), name="funding_year_plausible"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0}),
                    name=f"funding_{name}_not_negative",
                )
                for name in (
                    "public_funds_yuan",
                    "running_need_yuan",
                    "running_received_yuan",
                    "non_budget_yuan",
                )
            ),
        ]

    def __str__(self):
        return str(self.year)
