"""T11: nobody reads of another station what is not theirs: not in a page, a search, a count, an export or a header."""

import re
from itertools import count

import pytest

from assessments.models import Period, Report
from personnel.models import User
from personnel.roles import Role
from stations.models import Bureau, Station
from tests.assessments.test_report_pdf import Paper

from . import texts
from .crawler import as_person, crawl, own_pages
from .scene import told

_TOKEN = re.compile(r"q([mbfs])(\d+)([a-z]{3,})q")  # no shorter: session tokens have letters too


class Canaries:
    """A token of its own in every text: `q<owner><number><model>q`; m mine, b beside, f far away, s nobody's."""

    def __init__(self, scene):
        self.mine = scene.people[Role.CHIEF].station
        self.near = scene.people[Role.REVIEWER].bureau
        self._numbers = count(1)
        for column in texts.columns():
            texts.write(column, lambda _number, row, column=column: self._token(column, row))

    def _token(self, column: texts.Column, row) -> str | None:
        if column.label == "personnel.User.username":
            return None  # people log in by it; the name beside it is enough
        token = f"q{self._owner(row)}{next(self._numbers)}{column.model.__name__.lower()}q"
        assert len(token) <= column.most
        return token

    def _owner(self, row) -> str:
        place = _place(row)
        if isinstance(place, Station):
            if place.pk == self.mine.pk:
                return "m"
            place = place.bureau
            return "b" if place.pk == self.near.pk else "f"
        if isinstance(place, Bureau):
            return "f" if place.depth > 1 and place.pk != self.near.pk else "s"
        return "s"


def _place(row):
    """The station or the bureau a row belongs to; None for what is nobody's."""
    while row is not None and not isinstance(row, Station | Bureau):
        if isinstance(row, User):
            row = row.station or row.bureau
            continue
        names = ("station", "zone", "assessment", "period", "bureau", "created_by", "by")
        row = next((getattr(row, name) for name in names if hasattr(row, name)), None)
    return row


def marked_figures(mine: Station) -> list[str]:
    """Give every unpublished score and every register of others a figure of its own; how they would be written."""
    written = []
    with texts.past_the_guards() as cursor:
        cursor.execute(
            "UPDATE assessments_score s SET rate = 4000 + s.id * 37 %% 3000 FROM assessments_assessment a "
            "WHERE a.id = s.assessment_id AND a.state <> 'published' AND a.station_id <> %s RETURNING rate",
            [mine.pk],
        )
        written += [f"{rate / 100:.2f}" for (rate,) in cursor.fetchall()]
        cursor.execute(
            "UPDATE stations_station SET residents = 81234567 + id WHERE id <> %s RETURNING residents", [mine.pk]
        )
        written += [text for (n,) in cursor.fetchall() for text in (f"{n}", f"{n:,}", f"{n / 10000:.2f}")]
    return written


@pytest.fixture
def scene(db):
    return told()


def _of_station(owner, kind) -> bool:
    """The own station, and what stands in its bureau's published ranking."""
    return owner in "ms" or (owner == "b" and kind == "station")


def _of_bureau(owner, kind) -> bool:
    return owner != "f"


# What each role may read: the owner of the text (m mine, b beside, f far, s nobody) and the kind of row it is in.
MAY_READ = {
    Role.CHIEF: _of_station,
    Role.REVIEWER: _of_bureau,
    Role.LEADER: _of_bureau,
    Role.SYSADMIN: _of_bureau,
    Role.SECADMIN: lambda owner, kind: kind in ("user", "station", "bureau"),
    Role.AUDITOR: lambda owner, kind: kind in ("user", "event"),
}
_WRITTEN_ABOUT_A_STATION = {"station", "training", "evidence", "room", "returning", "veto", "answerchange"}


def test_nobody_reads_what_is_not_theirs(scene):
    canaries = Canaries(scene)
    figures = marked_figures(canaries.mine)
    wrong, read = {}, {}
    for role in MAY_READ:
        words = "qb" if role == Role.CHIEF else "qf"
        pages = list(crawl(as_person(scene.people[role]), own_pages(scene, role), words=words))
        for page in pages:
            tokens = {"".join(found): found for found in _TOKEN.findall(page.text)}
            wrong[role, page.url] = [t for t, (owner, _n, kind) in tokens.items() if not MAY_READ[role](owner, kind)]
            if role == Role.CHIEF:
                wrong[role, page.url] += [figure for figure in figures if figure in page.text]
            read.setdefault(role, set()).update(tokens.values())
        assert any("?" in page.url for page in pages) or role == Role.SECADMIN, f"{role} searched nothing"
        assert any(page.body[:2] == b"PK" for page in pages) or role == Role.SECADMIN, f"{role} exported nothing"
    assert {where: found for where, found in wrong.items() if found} == {}
    assert {kind for owner, _n, kind in read[Role.CHIEF] if owner == "m"} >= _WRITTEN_ABOUT_A_STATION
    assert {kind for owner, _n, kind in read[Role.REVIEWER] if owner in "mb"} >= _WRITTEN_ABOUT_A_STATION
    _search_says_nothing(as_person(scene.people[Role.REVIEWER]), canaries)
    _paper_names_no_other_county(scene)


def _paper_names_no_other_county(scene) -> None:
    period = Period.objects.select_related("edition", "bureau").get(pk=scene.objects["near old"]["period"]["pk"])
    report = Report.objects.filter(period=period, requested_by=scene.people[Role.REVIEWER]).first()
    owners = {owner for owner, _n, _kind in _TOKEN.findall(Paper(report).letters())}
    assert "m" in owners
    assert "f" not in owners


def _search_says_nothing(client, canaries) -> None:
    """The same page, to the byte, whether a word stands in a foreign station or nowhere."""
    foreign = Station.objects.exclude(bureau=canaries.near).first().name
    words = (foreign, "x" * len(foreign))
    one, other = (_neutral(client.get("/stations/", {"q": word}).content.decode(), word) for word in words)
    assert one == other


def _neutral(page: str, word: str) -> str:
    """Without the word itself, nonces and tokens, which differ between any two answers."""
    page = re.sub(r'nonce="[^"]*"', "", page)
    return re.sub(r'"[A-Za-z0-9]{64}"', '""', page).replace(word, "")
