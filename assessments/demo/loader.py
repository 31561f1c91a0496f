"""Load the demo bureau into an empty database, all of it or nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from personnel.models import User
from personnel.roles import Role
from stations.models import Bureau, Station

from .. import registers as facts_of_registers
from ..models import Edition
from ..scoring import Standard, plans
from . import corrections, current, history, people, pictures, registers
from .places import CITY, County, counties
from .quarters import quarters

STANDARDS = settings.BASE_DIR / "assessments" / "standards"
STANDARD = STANDARDS / "core-2026.toml"  # the one that the quarters of the demo are bound to
OTHERS = [STANDARDS / plan.name for plan in plans.shipped()]


class NotHere(Exception):
    """The demo may not be loaded into this installation."""


@transaction.atomic
def load(say: Callable[[str], None] = lambda line: None, today: date | None = None) -> bool:
    """Load the demo; False, and nothing done, where there is a bureau already. Raises NotHere in production."""
    if settings.PRODUCTION:
        raise NotHere("demo data does not go into a production database")
    if Bureau.objects.exists():
        return False
    today = today or timezone.localdate()
    span = quarters(today)
    cast, years = _cast(), sorted({quarter.ends_on.year for quarter in span})
    registers.enter(cast.stations, counties(), years, today)
    say(f"{len(cast.stations)} stations with their registers")
    previous = None
    for quarter in span[:-1]:
        known = facts_of_registers.facts(list(cast.stations.values()), quarter.ends_on)
        previous = history.publish(cast, quarter, previous, known)
        say(f"{quarter.name_en}: published")
    corrections.correct(cast, previous)
    current.begin(cast, span[-1], previous)
    say(f"{span[-1].name_en}: open")
    return True


def _cast() -> history.Cast:
    bureaus = _bureaus()
    stations = {s.code: s for county in counties() for s in _stations(county, bureaus[county.code])}
    people.create(stations, bureaus)
    for path in OTHERS:  # before the one in use, which a new period then begins with
        _edition(path)
    edition = _edition(STANDARD)
    return history.Cast(
        city=bureaus[CITY["code"]],
        counties=[bureaus[county.code] for county in counties()],
        stations=stations,
        places={place.code: place for county in counties() for place in county.places},
        edition=edition,
        pictures=pictures.seal_all(edition.standard),
        chiefs=people.chiefs(),
        reviewers=people.reviewers(),
        sysadmin=User.objects.get(role=Role.SYSADMIN),
    )


def _bureaus() -> dict[str, Bureau]:
    """The city above the three counties, by code, as they stand in the tree."""
    city = Bureau.objects.add_root(dict(CITY))
    for county in counties():
        fields = {"code": county.code, "name": county.name, "name_en": county.name_en, "level": Bureau.Level.COUNTY}
        Bureau.objects.add_child(Bureau.objects.get(pk=city.pk), fields)
    return {bureau.code: bureau for bureau in Bureau.objects.all()}


def _stations(county: County, bureau: Bureau) -> list[Station]:
    return Station.objects.bulk_create(
        Station(
            code=place.code,
            name=place.name,
            name_en=place.name_en,
            bureau=bureau,
            station_class_id=place.station_class,
            residents=place.residents,
            households=place.households,
            has_own_premises=True,
            illustrative=True,
        )
        for place in county.places
    )


def _edition(path: Path) -> Edition:
    standard = Standard.read(path)
    found, _created = Edition.objects.get_or_create(
        code=standard.code,
        version=standard.version,
        defaults={
            "title": standard.title,
            "title_en": standard.title_en,
            "text": standard.text,
            "digest": standard.digest,
        },
    )
    return found
