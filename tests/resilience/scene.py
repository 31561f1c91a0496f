"""Make what a scenario needs, in a process of its own: `python -m tests.resilience.scene WHAT NUMBER TURN`.

Prints one JSON object. Rows come from tests/factories.py, so states are reached through the workflow; sessions are
made without passwords (200 logins are measured apart). TURN counts the scenes of a bed: names made up in one are not
those of another.
"""

import io
import json
import os
import secrets
import sys
from functools import cache
from itertools import count

import django

PASSWORD_OF_STORM = "Storm-Quarter-2026"  # invented people of a database that ends with the run

NAMES_A_TURN = 10_000


def main(what: str, number: int, turn: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests import factories

    factories._numbers = count(turn * NAMES_A_TURN)
    print(json.dumps(_SCENES[what](number)))


def prepared(_number: int) -> dict:
    """The schema, and a password of the role that owns nothing."""
    from django.core.management import call_command

    from audit import roles

    call_command("migrate", verbosity=0)
    roles.settle()
    password = secrets.token_hex(16)
    roles.set_password(roles.APP, password)
    return {"role": roles.APP, "password": password}


def chiefs(number: int) -> dict:
    """An open quarter of `number` stations, all filled and none submitted, with a session of each chief."""
    from tests import factories

    period, assessments = _quarter(number)
    found = []
    for assessment in assessments:
        chief = factories.anybody("chief", assessment.station)
        _filled(assessment, chief)
        found.append(_opened(chief) | _sheet(assessment))
    return {"period": period.pk, "chiefs": found}


def carriers(number: int) -> dict:
    """An open quarter after a published one: what a register does not know, and a photo, can be carried forward.

    Each with `shown`, {metric: value as text}, and `files`, the numbers of last quarter's photos.
    """
    from datetime import date

    from assessments import answers, forwarding
    from assessments.sheet import surroundings
    from tests import factories

    before, assessments = _quarter(number)
    for assessment in assessments:
        _filled(assessment, factories.anybody("chief", assessment.station))
    factories.published(before)
    days = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)}
    period = factories.period(bureau=before.bureau, edition=before.edition, previous=before, **days)
    found = []
    for old in assessments:
        assessment = factories.assessment(period, old.station)
        around = surroundings(assessment, with_registers=True)
        offered = forwarding.offers(assessment, answers.cells(assessment), around)
        shown = {"shown": {offer.metric.code: offer.text for offer in offered}}
        shown |= {"files": [str(pk) for pk in old.evidence.values_list("pk", flat=True)]}
        found.append(_opened(factories.anybody("chief", old.station)) | {"assessment": assessment.pk} | shown)
    return {"chiefs": found}


def writers(number: int) -> dict:
    """`number` stations with one chief and four clerks each, all with a session: several writers on one sheet."""
    from tests import factories

    _period, assessments = _quarter(number)
    found = []
    for assessment in assessments:
        people = [factories.user(role, assessment.station) for role in ("chief", *["clerk"] * 4)]
        _filled(assessment, people[0])
        found.append(_sheet(assessment) | {"people": [_opened(each) for each in people]})
    return {"sheets": found}


def askers(number: int) -> dict:
    """A published quarter of two stations and `number` people who may ask for its report, each with a session."""
    from tests import factories

    period, assessments = _quarter(2)
    for assessment in assessments:
        _filled(assessment, factories.anybody("chief", assessment.station))
    factories.published(period)
    people = [_opened(factories.user("leader", period.bureau)) for _ in range(number)]
    stations = list(period.assessments.values_list("pk", flat=True))
    return {"period": period.pk, "stations": stations, "people": people}


def reviewers(number: int) -> dict:
    """A quarter of `number` stations that have handed in, ten reviewers and one more to publish."""
    from tests import factories

    period, assessments = _quarter(number)
    for assessment in assessments:
        _filled(assessment, factories.anybody("chief", assessment.station))
        factories.submitted(assessment)
    people = [_opened(factories.user("reviewer", period.bureau)) for _ in range(11)]
    sheets = [_sheet(assessment) for assessment in assessments]
    return {"period": period.pk, "bureau": period.bureau.code, "people": people, "sheets": sheets}


def logins(number: int) -> dict:
    """`number` chiefs with the same password, hashed once."""
    from personnel.models import User
    from tests import factories

    bureau = factories.bureau()
    first = factories.user("chief", factories.station(bureau=bureau), password=PASSWORD_OF_STORM)
    names = [first.username]
    for _ in range(number - 1):
        other = factories.user("chief", factories.station(bureau=bureau))
        User.objects.filter(pk=other.pk).update(password=first.password)
        names.append(other.username)
    return {"names": names, "password": PASSWORD_OF_STORM}


def _quarter(number: int):
    """(period, its assessments in order), opened after the stations were there; no objections are waited for."""
    from tests import factories

    bureau = factories.bureau()
    for _ in range(number):
        factories.staffed(factories.station(bureau=bureau, residents=36_211), 4)
    period = factories.period(bureau=bureau)
    return period, list(period.assessments.with_places().order_by("pk"))


def _filled(assessment, chief) -> None:
    """Everything required, the evidence as a real photo."""
    from assessments import scores, workflow
    from tests import factories

    for missing in scores.missing(assessment):
        if missing["kind"] == "evidence":
            workflow.add_evidence(assessment.pk, missing["code"], _photo(), by=chief)
    factories.filled(assessment, by=chief)


@cache
def _photo():
    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    from assessments.evidence import accept

    content = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(content, "JPEG")
    return accept(SimpleUploadedFile("photo.jpg", content.getvalue()))


def _sheet(assessment) -> dict:
    """The versions of what stands there: of plain numbers that fit whatever the others are."""
    from assessments import answers
    from assessments.scoring import checks

    standard, cells = assessment.period.edition.standard, answers.cells(assessment)
    related = {code for check in checks.of(standard) for code in check.metrics}
    typed = [code for code, metric in standard.metrics.items() if metric.kind == "count" and code not in related]
    return {"assessment": assessment.pk, "versions": {code: cells[code].version for code in typed if code in cells}}


def _opened(user) -> dict:
    """A session as after a login, without the work of the password."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    return {"user": user.pk, "name": user.username, "session": client.cookies[settings.SESSION_COOKIE_NAME].value}


_SCENES = {each.__name__: each for each in (prepared, chiefs, carriers, writers, askers, reviewers, logins)}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
