"""The list of trainings: add, correct, remove; once is enough."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from personnel.models import Training
from tests import factories
from tests.stations.pages import save, shown, text

LIST = reverse("personnel:training", args=["CG01"])
NEW = reverse("personnel:training_new", args=["CG01"])
CLASS = {"topic": "执法规范化集训", "held_on": "2026-09-05", "days": "2.5", "participants": "7"}


@pytest.fixture
def training(station):
    return station.trainings.create(topic="集训", held_on=date(2026, 9, 5), days=2, participants=7)


def edit(training, code="CG01"):
    return reverse("personnel:training_edit", args=[code, training.pk])


def removal(training, code="CG01"):
    return reverse("personnel:training_delete", args=[code, training.pk])


def test_a_training_is_entered_and_listed(as_, chief, station):
    client = as_(chief)
    assert save(client, NEW, CLASS).status_code == 302
    training = station.trainings.get()
    assert (training.held_on, float(training.days), training.participants) == (date(2026, 9, 5), 2.5, 7)
    assert "执法规范化集训" in text(client.get(LIST))
    assert Event.objects.get(action="register.save").detail["register"] == "training"


def test_a_second_click_does_not_enter_it_twice(as_, chief, station):
    client = as_(chief)
    form = shown(client.get(NEW)) | CLASS
    assert client.post(NEW, form).status_code == 302
    again = client.post(NEW, form)
    assert again.status_code == 422
    assert "This training is on the list already." in text(again)
    assert station.trainings.count() == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"days": "0"}, "Enter more than 0."),
        ({"days": "-1"}, "Enter 0 or more."),
        ({"days": "NaN"}, "Enter a number"),
        ({"days": "400"}, "366"),
        ({"participants": "七"}, "Enter a whole number"),
        ({"topic": ""}, "This field is required."),
        ({"topic": "长" * 121}, "120"),
        ({"held_on": "yesterday"}, "Enter a valid date."),
        ({"held_on": "2026-02-30"}, "Enter a valid date."),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_is_kept(as_, chief, typed, message):
    answer = save(as_(chief), NEW, CLASS | typed)
    assert answer.status_code == 422
    assert message in text(answer)
    assert shown(answer).items() >= (CLASS | typed).items()
    assert not Training.objects.exists()


def test_a_training_in_the_future_has_not_been_held(as_, chief):
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "in the future" in text(save(as_(chief), NEW, CLASS | {"held_on": tomorrow.isoformat()}))


def test_a_training_is_corrected(as_, chief, training):
    assert save(as_(chief), edit(training), {"participants": "9"}).status_code == 302
    training.refresh_from_db()
    assert training.participants == 9
    changed = Event.objects.get(action="register.save").detail["changed"]
    assert changed == {f"training {training.pk}.participants": [7, 9]}


def test_a_training_is_removed_and_the_record_keeps_what_it_was(as_, chief, training):
    client = as_(chief)
    form = shown(client.get(edit(training)))
    assert client.post(removal(training), {"based_on": form["based_on"]}).status_code == 302
    assert not Training.objects.exists()
    changed = Event.objects.get(action="register.save").detail["changed"]
    assert changed[f"training {training.pk}.topic"] == ["集训", None]


def test_a_training_that_somebody_corrected_is_not_removed_unseen(as_, chief, training):
    client = as_(chief)
    form = shown(client.get(edit(training)))
    Training.objects.update(participants=12)
    late = client.post(removal(training), {"based_on": form["based_on"]})
    assert late.status_code == 409
    assert "12" in text(late)
    assert Training.objects.exists()


def test_a_training_of_another_station_is_not_found_under_the_own_one(as_, chief):
    elsewhere = factories.station().trainings.create(topic="集训", held_on=date(2026, 9, 5), days=2, participants=7)
    client = as_(chief)
    assert client.get(edit(elsewhere)).status_code == 404
    assert client.post(removal(elsewhere), {"based_on": "x"}).status_code == 404
    assert client.get(edit(elsewhere, elsewhere.station.code)).status_code == 404


def test_a_reviewer_sees_the_list_and_changes_nothing(as_, station, training):
    client = as_(factories.user("reviewer", station.bureau))
    page = text(client.get(LIST))
    assert "集训" in page
    assert edit(training) not in page
    for address in (NEW, edit(training), removal(training)):
        assert client.post(address, CLASS | {"based_on": "x"}).status_code == 403
    assert Training.objects.get().participants == 7


def test_opening_the_address_of_the_removal_removes_nothing(as_, chief, training):
    assert as_(chief).get(removal(training)).status_code == 405
    assert Training.objects.exists()


def test_an_empty_list_says_what_to_do_next(as_, chief):
    page = text(as_(chief).get(LIST))
    assert "No training entered" in page
    assert f'href="{NEW}"' in page


def test_a_leader_is_not_offered_an_empty_form(as_, station):
    assert as_(factories.user("leader", station.bureau)).get(NEW).status_code == 403
