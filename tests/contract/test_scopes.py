"""T3, T16, T17: identifiers of other people's things inside one's own request, moved stations, changed roles."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from personnel.models import User
from personnel.roles import Role
from stations.models import Bureau, Station
from tests import factories
from tests.access.walk import rows

from .bodies import shown
from .racing import SCRIPT


def test_identifiers_of_other_bureaus_inside_a_request_reach_nothing(scene, logged_in):
    """T3: in the body, in the address, in a choice of a form."""
    near, far = scene.objects["near"], scene.objects["far"]
    foreign = Bureau.objects.get(code=far["bureau"]["code"])
    chief, reviewer, admin = (logged_in[role] for role in (Role.CHIEF, Role.REVIEWER, Role.SYSADMIN))
    report = {"period": near["period"]["pk"], "a": [far["assessment"]["pk"]], "op_id": uuid4()}
    comparison = reverse("assessments:comparison", args=[near["period"]["pk"]])
    publish = reverse("assessments:publish", args=[near["period"]["pk"]])
    edit = reverse("stations:station_edit", args=[near["station"]["code"]])
    new_period = reverse("assessments:period_new")
    moved = shown(admin.get(edit).content.decode(), edit) | {"bureau": foreign.pk}
    period = shown(admin.get(new_period).content.decode(), new_period) | {"bureau": foreign.pk, "name": "他局"}
    before = rows()
    assert chief.post(reverse("assessments:evidence_remove", args=[far["evidence"]["pk"]])).status_code == 404
    training = {"code": near["station"]["code"], "pk": far["training"]["pk"]}
    removal = reverse("personnel:training_delete", kwargs=training)
    assert chief.post(removal, {"based_on": "0" * 64}).status_code == 404
    assert reviewer.post(reverse("assessments:reports"), report).status_code == 404
    assert reviewer.get(comparison, {"a": far["assessment"]["pk"]}).status_code == 404
    assert reviewer.post(publish, {"bureau": foreign.code, "sure": "yes"}).status_code == 400
    assert reviewer.get(publish, {"bureau": foreign.code}).status_code == 400
    assert admin.post(edit, moved).status_code == 422
    assert admin.post(new_period, period).status_code == 422
    assert admin.get(reverse("stations:organisation"), {"bureau": foreign.code}).status_code == 404
    assert rows() == before


def test_a_station_that_moved_away_leaves_its_old_quarters_behind(scene, logged_in):
    """T16"""
    near, far = (Bureau.objects.get(code=scene.objects[place]["bureau"]["code"]) for place in ("near", "far"))
    station = Station.objects.get(code=scene.objects["near"]["station"]["code"])
    old = Assessment.objects.get(pk=scene.objects["near"]["assessment"]["pk"])
    Station.objects.filter(pk=station.pk).update(bureau=far)
    station.refresh_from_db()
    new = factories.assessment(factories.period(bureau=far), station)
    before, after = logged_in[Role.REVIEWER], Client()
    after.force_login(factories.user(Role.REVIEWER, far))

    def looks(client, assessment):
        return client.get(reverse("assessments:verify", args=[assessment.pk])).status_code

    assert (looks(before, old), looks(before, new)) == (200, 404)
    assert (looks(after, old), looks(after, new)) == (404, 200)
    answer = before.post(reverse("assessments:verify_accept", args=[new.pk]), {"criterion": "x", "round": "1"})
    assert answer.status_code == 404
    assert new.bureau_id == far.pk != near.pk == old.bureau_id


def test_a_role_that_is_taken_away_ends_the_open_session(scene, logged_in):
    """T16"""
    near = scene.objects["near"]
    client, chief = logged_in[Role.CHIEF], scene.people[Role.CHIEF]
    saving = reverse("assessments:save", args=[near["assessment"]["pk"]])
    assert client.post(saving, {}, headers=SCRIPT).status_code == 400
    User.objects.filter(pk=chief.pk).update(role=Role.LEADER, station=None, bureau=chief.station.bureau)
    told = client.post(saving, {"metric": "zones.service", "value": "1", "version": "0"}, headers=SCRIPT)
    assert (told.status_code, told.json()["code"]) == (401, "login")


def test_nobody_judges_a_self_assessment_that_the_same_person_worked_on(scene):
    """T17: chief of the station last month, reviewer of its bureau today."""
    assessment = factories.submitted(Assessment.objects.get(pk=scene.objects["near"]["assessment"]["pk"]))
    person = scene.people[Role.CHIEF]
    User.objects.filter(pk=person.pk).update(role=Role.REVIEWER, station=None, bureau=assessment.bureau)
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    criterion = assessment.period.edition.standard.criteria[0].id
    change = {"metric": "zones.service", "value": "0", "reason": "改。", "version": "0", "round": "1"}
    change["op_id"] = str(uuid4())
    acts = {
        "verify_change": change,
        "verify_accept": {"criterion": criterion, "round": "1"},
        "send_back": {"reason": "退。", "due_at": "2099-01-01T18:00", "round": "1"},
        "finish_verifying": {"round": "1"},
        "confirm": {"round": "1"},
    }
    before = rows()
    for name, said in acts.items():
        told = client.post(reverse(f"assessments:{name}", args=[assessment.pk]), said, headers=SCRIPT)
        assert (told.status_code, told.json()["code"]) == (403, "conflict"), name
    assert rows() == before
    assert client.get(reverse("assessments:verify", args=[assessment.pk])).status_code == 200
    other = scene.people[Role.REVIEWER]
    colleague = Client()
    colleague.force_login(other)
    address = reverse("assessments:verify_accept", args=[assessment.pk])
    assert colleague.post(address, acts["verify_accept"]).status_code == 302


def test_no_account_has_a_station_and_a_bureau_at_once(scene):
    """T17: the conflict cannot even be put into the database."""
    chief = scene.people[Role.CHIEF]
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=chief.pk).update(role=Role.REVIEWER, bureau=chief.station.bureau)
