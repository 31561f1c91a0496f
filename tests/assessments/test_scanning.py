"""The scanner's hook: its word counts, and so does its silence."""

import shlex
import sys

import pytest
from django.urls import reverse

from assessments import scanning
from assessments.models import Evidence
from audit.models import Event
from tests import factories
from tests.assessments import files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.VAR = tmp_path


def answering(code: int, needs: bytes = b"") -> str:
    """A scanner that reads the whole file and ends with this code."""
    program = f"import sys; assert {needs!r} in sys.stdin.buffer.read(); sys.exit({code})"
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(program)}"


def add(client, assessment) -> int:
    client.force_login(factories.user("chief", assessment.station))
    address = reverse("assessments:evidence_add", args=[assessment.pk, "zones.service"])
    return client.post(address, {"files": [files.upload(files.pdf(), "scan.pdf")]}).status_code


def fetched(client, user) -> int:
    client.force_login(user)
    return client.get(reverse("assessments:evidence_file", args=[Evidence.objects.get().pk])).status_code


def test_what_the_scanner_finds_never_comes_in(client, assessment, settings):
    settings.EVIDENCE_SCANNER = answering(1, b"%PDF")
    assert add(client, assessment) == 415
    assert not Evidence.objects.exists()


def test_what_it_finds_clean_may_be_fetched(client, assessment, settings):
    settings.EVIDENCE_SCANNER = answering(0, b"%PDF")
    assert add(client, assessment) == 302
    factories.submitted(assessment)
    assert fetched(client, factories.user("reviewer", assessment.bureau)) == 200


@pytest.mark.parametrize("command", [answering(2), "/nowhere/scanner"])
def test_without_its_answer_only_the_station_may_fetch_it_until_the_worker_gets_one(
    client, assessment, settings, command
):
    settings.EVIDENCE_SCANNER = command
    assert add(client, assessment) == 302
    factories.submitted(assessment)
    reviewer = factories.user("reviewer", assessment.bureau)
    assert scanning.catch_up() == 0
    assert fetched(client, reviewer) == 409
    assert fetched(client, factories.user("chief", assessment.station)) == 200
    settings.EVIDENCE_SCANNER = answering(0)
    assert scanning.catch_up() == 1
    assert fetched(client, reviewer) == 200
    assert Event.objects.get(action="evidence.scan").detail["said"] == "clean"


def test_what_was_there_before_the_scanner_is_scanned_too(client, assessment, settings):
    assert add(client, assessment) == 302
    factories.submitted(assessment)
    settings.EVIDENCE_SCANNER = answering(1)
    assert scanning.catch_up() == 1
    assert fetched(client, factories.user("reviewer", assessment.bureau)) == 409
