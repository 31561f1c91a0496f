"""The staffing register: numbers that must agree, and a message that says which do not."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import Event
from personnel.facts import facts
from personnel.models import Staffing
from tests import factories
from tests.stations.pages import save, shown, text

PAGE = reverse("personnel:staffing", args=["CG01"])
SEVEN = {
    "officers": "7",
    "age_under_40": "3",
    "age_40_49": "3",
    "age_50_plus": "1",
    "edu_college": "2",
    "edu_secondary": "3",
    "edu_basic": "2",
}


def test_the_chief_enters_seven_officers(as_, chief, station):
    assert save(as_(chief), PAGE, SEVEN | {"auxiliaries": "14", "over_45": "2"}).status_code == 302
    staffing = Staffing.objects.get(station=station)
    assert (staffing.officers, staffing.auxiliaries, staffing.over_45, staffing.leaders) == (7, 14, 2, None)
    assert Event.objects.get(action="register.save").detail["changed"]["officers"] == [None, 7]


def test_age_bands_that_do_not_add_up_are_named_with_their_sum(as_, chief):
    answer = save(as_(chief), PAGE, SEVEN | {"age_50_plus": "2"})
    assert answer.status_code == 422
    assert "The age bands add up to 8, but there are 7 officers." in text(answer)
    assert shown(answer)["age_50_plus"] == "2"
    assert not Staffing.objects.exists()


def test_education_bands_that_do_not_add_up_are_named_with_their_sum(as_, chief):
    answer = save(as_(chief), PAGE, SEVEN | {"edu_basic": "1"})
    assert "The education bands add up to 6, but there are 7 officers." in text(answer)


def test_bands_that_are_too_many_already_are_named_before_all_are_there(as_, chief):
    answer = save(as_(chief), PAGE, {"officers": "7", "age_under_40": "9"})
    assert "The age bands add up to 9, but there are 7 officers." in text(answer)


def test_bands_may_wait_until_they_are_known(as_, chief, station):
    assert save(as_(chief), PAGE, {"officers": "7", "age_under_40": "3"}).status_code == 302


@pytest.mark.parametrize(
    ("part", "whole", "limit"),
    [
        ("community_officers", "Officers", 7),
        ("leaders", "Officers", 7),
        ("over_45", "Officers", 7),
        ("leaders_college", "Station leaders", 2),
    ],
)
def test_a_part_cannot_be_more_than_the_whole(as_, chief, part, whole, limit):
    answer = save(as_(chief), PAGE, SEVEN | {"leaders": "2"} | {part: str(limit + 1)})
    assert answer.status_code == 422
    assert f"{limit + 1} is more than “{whole}”: {limit}." in text(answer)


@pytest.mark.parametrize("wrong", ["七", "-1", "1" + "0" * 400, "NaN", "1.5"])
def test_a_wrong_number_is_refused_and_kept(as_, chief, wrong):
    answer = save(as_(chief), PAGE, SEVEN | {"officers": wrong})
    assert answer.status_code == 422
    assert shown(answer)["officers"] == wrong
    assert shown(answer)["edu_college"] == "2"


def test_a_second_tab_is_shown_what_the_first_one_saved(as_, chief, station):
    client = as_(chief)
    second = shown(client.get(PAGE))
    save(client, PAGE, SEVEN)
    late = client.post(PAGE, second | SEVEN | {"auxiliaries": "9"})
    assert late.status_code == 409
    assert "Auxiliaries" in text(late)
    assert Staffing.objects.get(station=station).auxiliaries is None


def test_qualification_bands_that_do_not_add_up_are_named_with_their_sum(as_, chief, station):
    bands = {"qual_advanced": "0", "qual_intermediate": "2", "qual_basic": "4", "qual_none": "1"}
    answer = save(as_(chief), PAGE, SEVEN | bands | {"qual_none": "2"})
    assert answer.status_code == 422
    assert "The qualification bands add up to 8, but there are 7 officers." in text(answer)
    assert save(as_(chief), PAGE, SEVEN | bands).status_code == 302
    found = facts([station])[station.pk]
    assert (found["training.qualified_basic"], found["training.qualified_higher"]) == (6, 2)


def test_a_set_left_blank_says_nothing_and_is_shown_as_blank(as_, chief, station):
    assert save(as_(chief), PAGE, SEVEN).status_code == 302
    assert not {"training.qualified_basic", "training.qualified_higher"} & facts([station])[station.pk].keys()
    page = text(as_(chief).get(PAGE))
    assert [page.count(f'data-state="{state}"') for state in ("fits", "blank", "open", "wrong")] == [2, 1, 0, 0]


@pytest.mark.parametrize(
    ("over", "said"), [("0", "The 1 of 50 and over count here too."), ("5", "Only 4 are 40 or older.")]
)
def test_over_45_fits_the_age_bands(as_, chief, over, said):
    answer = save(as_(chief), PAGE, SEVEN | {"over_45": over})
    assert answer.status_code == 422
    assert said in text(answer)


@pytest.mark.parametrize("wrong", [{"qual_none": 1}, {"over_45": 7}])
def test_the_database_refuses_what_does_not_add_up(station, wrong):
    bands = {"qual_advanced": 0, "qual_intermediate": 0, "qual_basic": 7, "qual_none": 0}
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.staffed(station, 7, **bands | wrong)
