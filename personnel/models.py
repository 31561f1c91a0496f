"""People: accounts with one role each, and the registers of staffing and training."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from stations.models import Bureau, Station

from . import roles
from .roles import BUREAU_ROLES, STATION_ROLES, Role

ONE_TIME_DAYS = 1


class UserManager(BaseUserManager):
    def create_user(self, username, password, **fields):
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. Its role says what it may do, its place says where. Never deleted, only deactivated.

    `logins` counts them: a session belongs to the newest one. `session_key` is that session's, "" without one.
    `second_factor_at` is when the phone's first code was given, None while there is none; `certificate` is what the
    gateway says of the person's certificate, "" without one. `active_since` is when it was made or last made active
    again; `language` is the one its owner chose, "" before.
    """

    username = models.CharField(
        _("User name"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9._-]*$", _("Lower-case letters, digits, dot, dash and underscore only."))
        ],
    )
    name = models.CharField(_("Full name"), max_length=40)
    role = models.CharField(_("Role"), max_length=10, choices=Role)
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, verbose_name=_("Station"), related_name="people"
    )
    bureau = models.ForeignKey(
        Bureau, models.PROTECT, null=True, blank=True, verbose_name=_("Bureau"), related_name="people"
    )
    is_active = models.BooleanField(_("Active"), default=True)
    password_set_at = models.DateTimeField(_("Password set"), default=timezone.now)
    password_is_one_time = models.BooleanField(_("One-time password"), default=False)
    logins = models.PositiveIntegerField(default=0)
    session_key = models.CharField(max_length=40, blank=True)
    second_factor_at = models.DateTimeField(null=True, editable=False)
    certificate = models.CharField(
        _("Certificate"),
        max_length=300,
        blank=True,
        help_text=_("Number and issuer, exactly as the gateway passes them on. Empty: none."),
    )
    active_since = models.DateTimeField(default=timezone.now, editable=False)
    language = models.CharField(max_length=10, blank=True, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    class Meta:
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(
                condition=Q(role__in=STATION_ROLES, station__isnull=False, bureau__isnull=True)
                | Q(role__in=BUREAU_ROLES, station__isnull=True, bureau__isnull=False)
                | Q(role__in=[Role.SECADMIN, Role.AUDITOR], station__isnull=True, bureau__isnull=True),
                name="user_place_fits_role",
                violation_error_message=_(
                    "Chiefs and clerks belong to a station; reviewers, leaders and system administrators to "
                    "a bureau; the other administrators to neither."
                ),
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=~Q(certificate=""),
                name="user_certificate_once",
                violation_error_message=_("This certificate belongs to another account."),
            ),
        ]

    def __str__(self):
        return self.name or self.username

    def set_password(self, raw_password):
        super().set_password(raw_password)
        self.password_set_at = timezone.now()

    def _get_session_auth_hash(self, secret=None):
        """A session ends with the password, the second factor, the role, the place and the activity it began with, and
        with a newer one.

        Django asks with every request; with `secret` for keys that were replaced.
        """
        proofs = [self.password, self.second_factor_at, self.certificate]
        stands = [*proofs, str(self.role), self.station_id, self.bureau_id, self.is_active, self.logins]
        return salted_hmac("personnel.session", repr(stands), secret=secret, algorithm="sha256").hexdigest()

    @property
    def password_ends_at(self):
        """When the password has to be replaced; a one-time password stops working then."""
        days = ONE_TIME_DAYS if self.password_is_one_time else settings.PASSWORD_DAYS
        return self.password_set_at + timedelta(days=days)

    @property
    def must_change_password(self) -> bool:
        return self.password_is_one_time or timezone.now() >= self.password_ends_at

    def may(self, act: str) -> bool:
        """Whether this account's role may do `act` (personnel/roles.py); never for a deactivated one."""
        return self.is_active and roles.may(self.role, act)


class OldPassword(models.Model):
    """The hash of a password that was replaced: it may not come back soon."""

    user = models.ForeignKey(User, models.PROTECT, related_name="old_passwords")
    hash = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-replaced_at", "-pk"]

    def __str__(self):
        return f"{self.user_id}: {self.replaced_at}"


class SecondFactor(models.Model):
    """What an account's phone makes its codes of (personnel/codes.py). It counts once its first code was given.

    `secret` is encrypted. `last_step` is the half minute of the last code that was taken, None before the first.
    """

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="second_factor")
    secret = models.CharField(max_length=200)
    last_step = models.BigIntegerField(null=True)

    def __str__(self):
        return f"{self.user_id}"


class FailedLogins(models.Model):
    """Failed logins counted against one user name or one address (personnel/lockout.py).

    `of` is "name:" with a keyed digest or "address:" with the address; `since` begins the window. Locked since
    `locked_at`, for a while or, where `is_held`, until the security administrator opens it.
    """

    of = models.CharField(max_length=80, unique=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    is_held = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.of}: {self.count}"


class Staffing(models.Model):
    """Who works at a station, in persons; None where nobody has entered it. Bands add up to the officers."""

    station = models.OneToOneField(Station, models.CASCADE, related_name="staffing")
    officers = models.PositiveIntegerField(_("Officers"), null=True, blank=True)
    auxiliaries = models.PositiveIntegerField(_("Auxiliaries"), null=True, blank=True)
    community_officers = models.PositiveIntegerField(_("Community officers"), null=True, blank=True)
    leaders = models.PositiveIntegerField(_("Station leaders"), null=True, blank=True)
    leaders_college = models.PositiveIntegerField(_("Leaders with college education"), null=True, blank=True)
    age_under_40 = models.PositiveIntegerField(_("Under 40"), null=True, blank=True)
    age_40_49 = models.PositiveIntegerField(_("40 to 49"), null=True, blank=True)
    age_50_plus = models.PositiveIntegerField(_("50 and over"), null=True, blank=True)
    over_45 = models.PositiveIntegerField(_("Over 45"), null=True, blank=True)
    edu_college = models.PositiveIntegerField(_("College and above"), null=True, blank=True)
    edu_secondary = models.PositiveIntegerField(_("Vocational secondary"), null=True, blank=True)
    edu_basic = models.PositiveIntegerField(_("Senior high school and below"), null=True, blank=True)
    qual_advanced = models.PositiveIntegerField(_("Advanced qualification"), null=True, blank=True)
    qual_intermediate = models.PositiveIntegerField(_("Intermediate qualification"), null=True, blank=True)
    qual_basic = models.PositiveIntegerField(_("Basic qualification"), null=True, blank=True)
    qual_none = models.PositiveIntegerField(_("No qualification yet"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(community_officers__lte=F("officers")), name="staffing_community_within_officers"
            ),
            models.CheckConstraint(condition=Q(leaders__lte=F("officers")), name="staffing_leaders_within_officers"),
            models.CheckConstraint(
                condition=Q(leaders_college__lte=F("leaders")), name="staffing_leaders_college_within_leaders"
            ),
            models.CheckConstraint(condition=Q(over_45__lte=F("officers")), name="staffing_over_45_within_officers"),
            models.CheckConstraint(
                condition=Q(officers=F("age_under_40") + F("age_40_49") + F("age_50_plus")),
                name="staffing_ages_add_up",
            ),
            models.CheckConstraint(
                condition=Q(officers=F("edu_college") + F("edu_secondary") + F("edu_basic")),
                name="staffing_education_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(officers=F("qual_advanced") + F("qual_intermediate") + F("qual_basic") + F("qual_none")),
                name="staffing_qualification_adds_up",
            ),
            # Whoever is 50 is over 45, and nobody under 40 is.
            models.CheckConstraint(
                condition=Q(over_45__gte=F("age_50_plus")) & Q(over_45__lte=F("age_40_49") + F("age_50_plus")),
                name="staffing_over_45_within_ages",
            ),
        ]

    def __str__(self):
        return f"{self.station_id}: {self.officers}"


class Training(models.Model):
    """One training held: who, when, how long."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="trainings")
    held_on = models.DateField(_("Date"))
    topic = models.CharField(_("Topic"), max_length=120)
    days = models.DecimalField(
        _("Days"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(366)]
    )
    participants = models.PositiveIntegerField(_("Participants"))

    class Meta:
        ordering = ["station", "-held_on"]
        constraints = [models.CheckConstraint(condition=Q(days__gt=0), name="training_days_positive")]

    def __str__(self):
        return f"{self.held_on} {self.topic}"
