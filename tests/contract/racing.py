"""Every act of a station over HTTP, sent by several people at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from assessments import answers
from assessments.models import Assessment
from tests import factories
from tests.access.scene import CRITERION, picture

FIGURE, FROM_REGISTER = "staff.officers", "station.residents"
SCRIPT = {"Accept": "application/json"}


class Station:
    """The people of one station before one assessment; each act is sent by a client of its own."""

    def __init__(self, assessment: Assessment):
        self.assessment = assessment
        self.person = factories.anybody("chief", assessment.station)
        self.removable = factories.evidence(assessment, CRITERION)

    def client(self) -> Client:
        client = Client()
        client.force_login(self.person)
        return client

    def version(self, metric: str) -> str:
        return str(answers.own_cells(self.assessment, "self")[metric].version)

    def save(self, client, value="9"):
        return self._answer(client, "save", FIGURE, value=value)

    def take(self, client):
        return self._answer(client, "take", FROM_REGISTER)

    def fill(self, client, value="11"):
        said = {FIGURE: value, f"{FIGURE}.version": self.version(FIGURE)}
        return client.post(reverse("assessments:fill", args=[self.assessment.pk, "staffing"]), said, headers=SCRIPT)

    def add(self, client, colour="red"):
        address = reverse("assessments:evidence_add", args=[self.assessment.pk, CRITERION])
        return client.post(address, {"files": picture(colour), "caption": "门口"}, headers=SCRIPT)

    def remove(self, client):
        return client.post(reverse("assessments:evidence_remove", args=[self.removable.pk]), headers=SCRIPT)

    def submit(self, client):
        address = reverse("assessments:submit", args=[self.assessment.pk])
        return client.post(address, {"round": str(self.assessment.round), "declared": "on"}, headers=SCRIPT)

    def _answer(self, client, name, metric, **said):
        said |= {"metric": metric, "version": self.version(metric), "op_id": str(uuid4())}
        return client.post(reverse(f"assessments:{name}", args=[self.assessment.pk]), said, headers=SCRIPT)

    def acts(self) -> list:
        return [self.save, self.take, self.fill, self.add, self.remove, self.submit]


def at_once(works) -> list:
    """What each of these functions returns, all begun at the same moment, each on a connection of its own."""
    works = list(works)
    start = threading.Barrier(len(works))

    def run(work):
        start.wait()
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def clock():
    """The database's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
