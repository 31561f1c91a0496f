"""What the home page tells a station: what happened to its sheets, and what is to be put right by whom."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import news
from assessments.models import Exemption, Extension, Objection
from personnel.roles import Role
from tests import factories
from tests.assessments.sheets import Counted, text_of

pytestmark = pytest.mark.django_db


def kinds(user) -> list[str]:
    return [each.kind for each in news.of(user, 9)]


def declined(assessment, criterion="zones.service"):
    asked = {"reason": "没有。", "by": factories.anybody(Role.CHIEF, assessment.station), "round": assessment.round}
    return Exemption.objects.create(
        assessment=assessment,
        criterion=criterion,
        op_id="00000000-0000-4000-8000-000000000002",
        outcome="declined",
        decided_by=factories.anybody(Role.REVIEWER, assessment.bureau),
        decided_at=timezone.now() + timedelta(seconds=1),
        decided_why="本所有该区域。",
        **asked,
    )


def test_the_newest_comes_first_in_the_words_of_the_product(client, chief, assessment):
    returned = factories.returned(factories.submitted(assessment, by=chief), reason="Count again.")
    declined(returned)
    assert kinds(chief) == [news.Kind.DECLINED, news.Kind.RETURNED, news.Kind.OPENED]
    text = text_of(client.get(reverse("assessments:home"))).split('id="news"')[1]
    assert text.index("Not agreed: it stays applicable · Service zone") < text.index("Returned for correction")
    assert f"{reverse('assessments:fill', args=[assessment.pk, 'zones'])}#c-zones.service" in text
    assert reverse("assessments:check", args=[assessment.pk]) in text
    assert "Count again." in text


def test_an_extension_and_the_publication_are_told(chief, assessment):
    Extension.objects.create(
        assessment=assessment,
        round=1,
        old_due_at=assessment.due_at,
        due_at=assessment.due_at + timedelta(days=2),
        reason="停电两天。",
        by=factories.anybody(Role.REVIEWER, assessment.bureau),
        op_id="00000000-0000-4000-8000-000000000003",
    )
    factories.published(assessment.period)
    assert kinds(chief) == [news.Kind.PUBLISHED, news.Kind.EXTENDED]


def test_the_answer_to_an_objection_leads_to_it(chief, assessment):
    assessment = factories.verified(assessment)
    Objection.objects.create(
        assessment=assessment,
        round=assessment.round,
        criterion="staffing.load",
        ground="人数有误。",
        by=chief,
        op_id="00000000-0000-4000-8000-000000000004",
        outcome="dismissed",
        answer="与台账一致。",
        decided_by=factories.user("reviewer", assessment.bureau),
        decided_at=timezone.now() + timedelta(seconds=1),
    )
    (newest, *_others) = news.of(chief, 1)
    assert (newest.kind, newest.words) == (news.Kind.DISMISSED, "与台账一致。")
    assert newest.address == reverse("assessments:objections", args=[assessment.pk])


def test_another_stations_news_is_nobodys_business(chief, assessment):
    other = assessment.period.assessments.exclude(pk=assessment.pk).get()
    factories.returned(other, reason="只给别人看。")
    assert kinds(chief) == [news.Kind.OPENED]


def test_the_messages_take_two_statements(chief, assessment):
    factories.returned(factories.submitted(assessment, by=chief))
    with Counted() as counted:
        assert len(news.of(chief, 5)) == 2
    assert len(counted.own) <= 3, counted.own


def test_what_is_to_be_put_right_stands_apart_by_who_can_do_it(client, chief, assessment):
    """The load needs officers, which the bureau assigns; the zone is the station's own."""
    text = text_of(client.get(reverse("assessments:home"))).split('id="repairs"')[1]
    own, of_bureau = text.split("By the bureau")
    assert "Service zone" in own
    assert f"{reverse('assessments:fill', args=[assessment.pk, 'zones'])}#c-zones.service" in own
    assert "Residents per officer" in of_bureau
    assert "<a " not in of_bureau.split("</section>")[0]


def test_after_publication_the_repairs_follow_the_published_result(client, chief, assessment):
    factories.answered(assessment, {"zones.service": 1}, by=chief)
    factories.changed(assessment, "zones.service", 0)
    factories.published(assessment.period)
    text = text_of(client.get(reverse("assessments:home"))).split('id="repairs"')[1]
    assert "Service zone" in text.split("By the bureau")[0]
    assert f"{reverse('assessments:detail', args=[assessment.pk])}#part-zones" in text
