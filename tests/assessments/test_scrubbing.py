"""T7, R9: evidence stays what was handed in; what does not is named, and nothing else is."""

import io
import logging
import os
import time

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessments import digests, scrubbing, sealed, tasks, workflow
from assessments.evidence import Accepted
from assessments.models import Evidence, Submission
from audit.models import Event
from stationstd.refusals import Refused
from tests import factories

pytestmark = pytest.mark.django_db
CRITERION = "zones.service"


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def chief(assessment):
    return factories.user("chief", assessment.station)


def put(assessment, by, word: str) -> Evidence:
    """Evidence with files of its own; what is in them does not matter here."""
    file = Accepted(f"{word}.jpg", "image/jpeg", b"original " + word.encode(), b"shown " + word.encode())
    return workflow.add_evidence(assessment.pk, CRITERION, file, by=by)


def flip(digest: str) -> None:
    """One bit of the file's last byte."""
    path = sealed.evidence.path_of(digest)
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def scrubbed() -> tuple[str, int]:
    """What the command says, and its exit code."""
    said = io.StringIO()
    try:
        call_command("evidence_scrub", stdout=said)
    except CommandError as error:
        return said.getvalue(), error.returncode
    return said.getvalue(), 0


def test_whole_evidence_is_found_whole(assessment, chief):
    put(assessment, chief, "door")
    assert scrubbed() == ("2 files read, 0 damaged\n", 0)
    assert not Event.objects.filter(action="evidence.damaged").exists()


@pytest.mark.parametrize("which", ["digest", "shown_digest"])
def test_one_flipped_byte_is_named_with_its_evidence_and_nothing_else_is(assessment, chief, which):
    put(assessment, chief, "door")
    spoilt = put(assessment, chief, "cell")
    factories.submitted(assessment, by=chief)
    flip(getattr(spoilt, which))
    said, code = scrubbed()
    assert code == 1
    first, last = said.splitlines()
    path = sealed.evidence.path_of(getattr(spoilt, which))
    assert first == f"changed: {path} (evidence {spoilt.pk} of assessment {assessment.pk})"
    assert last == "4 files read, 1 damaged"


def test_a_file_that_is_gone_is_named(assessment, chief):
    gone = put(assessment, chief, "door")
    sealed.evidence.path_of(gone.digest).unlink()
    said, code = scrubbed()
    assert code == 1
    assert said.startswith(f"missing: {sealed.evidence.path_of(gone.digest)} (evidence {gone.pk} ")


def test_the_file_of_removed_evidence_is_still_looked_after(assessment, chief):
    removed = put(assessment, chief, "door")
    workflow.remove_evidence(removed.pk, by=chief)
    flip(removed.digest)
    assert scrubbed()[1] == 1


def test_the_next_download_is_refused_and_there_is_one_alarm_however_often_it_is_asked_for(
    client, assessment, chief, caplog
):
    spoilt = put(assessment, chief, "door")
    factories.submitted(assessment, by=chief)
    flip(spoilt.digest)
    client.force_login(factories.user("reviewer", assessment.bureau))
    address = reverse("assessments:evidence_file", args=[spoilt.pk])
    with caplog.at_level(logging.WARNING, "audit.alarm"):
        answers = [client.get(address, headers={"Accept": "application/json"}) for _ in range(3)]
        scrubbed()
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "integrity")] * 3
    (event,) = Event.objects.filter(action="evidence.damaged")
    assert event.chain == f"assessment:{assessment.pk}"
    assert event.detail == {"evidence": str(spoilt.pk), "digest": spoilt.digest}
    assert len([line for line in caplog.records if line.name == "audit.alarm"]) == 1


def test_both_stations_learn_of_a_file_that_both_handed_in():
    place = factories.bureau()
    stations = [factories.station(bureau=place), factories.station(bureau=place)]
    period = factories.period(bureau=place)
    first, _second = (
        put(factories.assessment(period, station), factories.user("chief", station), "door") for station in stations
    )
    flip(first.digest)
    said, _code = scrubbed()
    assert said.endswith("2 files read, 1 damaged\n")
    assert said.count("of assessment") == 2
    assert Event.objects.filter(action="evidence.damaged").count() == 2


def test_the_digest_that_was_submitted_is_the_one_computed_from_what_lies_here(assessment, chief):
    for word in ("door", "cell"):
        put(assessment, chief, word)
    factories.submitted(assessment, by=chief)
    assert Submission.objects.get(assessment=assessment).digest == digests.of_assessment(assessment)
    assert scrubbed()[1] == 0


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_after_submitting_no_method_touches_evidence(client, assessment, chief, method):
    there = put(assessment, chief, "door")
    factories.submitted(assessment, by=chief)
    before = list(Evidence.objects.values())
    client.force_login(chief)
    for name in ("evidence_file", "evidence_shown", "evidence_remove"):
        answer = getattr(client, method)(reverse(f"assessments:{name}", args=[there.pk]))
        assert answer.status_code == (409 if (name, method) == ("evidence_remove", "post") else 405)
    with pytest.raises(Refused) as refused:
        put(assessment, chief, "late")
    assert refused.value.status == 409
    assert list(Evidence.objects.values()) == before


def test_the_worker_goes_on_where_its_time_ended(assessment, chief, monkeypatch):
    last = max([put(assessment, chief, word) for word in ("a", "b", "c")], key=lambda one: one.digest)
    rings = []
    monkeypatch.setattr(tasks, "SCRUB_SECONDS", 0)
    monkeypatch.setattr(tasks.scrub_evidence, "delay", rings.append)
    flip(last.digest)
    tasks.scrub_evidence()
    while rings and not Event.objects.filter(action="evidence.damaged").exists():
        tasks.scrub_evidence(rings[-1])
    assert rings == sorted(set(rings))
    assert Event.objects.get(action="evidence.damaged").detail["digest"] == last.digest


def test_files_of_cut_uploads_go_after_a_day_and_all_others_stay(assessment, chief):
    kept = put(assessment, chief, "door")
    workflow.remove_evidence(put(assessment, chief, "cell").pk, by=chief)
    old, new = (sealed.evidence.path_of(sealed.evidence.seal(word)) for word in (b"old orphan", b"new orphan"))
    half = old.with_name(".new-half")
    half.write_bytes(b"ha")
    for path in (old, half, sealed.evidence.path_of(kept.digest)):
        os.utime(path, (time.time() - 25 * 3600,) * 2)
    assert sorted(scrubbing.sweep()) == sorted([old.name, half.name])
    assert new.exists()
    assert scrubbed() == ("4 files read, 0 damaged\n", 0)
