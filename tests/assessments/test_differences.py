"""Two editions, or a draft and an edition, told apart on a page, with the effect on a published period."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import drafting, editions
from assessments.models import Period
from audit.models import Event
from personnel.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
TINY = factories.TINY.read_text("utf-8")
NEXT = TINY.replace('version = "2026"', 'version = "2027"').replace("default = 3000", "default = 9000")


@pytest.fixture(scope="module")
def quarter(django_db_setup, django_db_blocker):
    """Published once for this file; what a test adds is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        period = factories.period()
        factories.published(period)
        yield period
        transaction.set_rollback(True)


@pytest.fixture
def published(quarter):
    """城关 has 6,852.86 residents an officer, 北社 9,052.75: a norm of 9,000 is kept by one of them."""
    return Period.objects.select_related("edition", "bureau").get(pk=quarter.pk)


@pytest.fixture
def bureau(published):
    return published.bureau


@pytest.fixture
def newer(published):
    return editions.load(NEXT)[0]


def page(client, newer, published, **asked):
    address = reverse("assessments:edition_difference", args=[newer.pk, published.edition_id])
    return client.get(address, asked)


def blocks(response) -> dict:
    return {block.title: block for group in response.context["groups"] for block in group.blocks}


def test_the_page_says_in_words_what_is_different(reviewer, client, newer, published):
    response = page(client, newer, published)
    assert response.status_code == 200
    said = [change.text for group in response.context["groups"] for block in group.blocks for change in block.changes]
    assert said == [
        "整套标准：版本由 2026 改为 2027",
        "标准值“每警人口”：其他类别的标准值由 3,000 人改为 9,000 人",
    ]
    assert "effects" not in response.context


def test_the_effect_on_a_published_period_stands_beside_the_criterion(reviewer, client, newer, published):
    response = page(client, newer, published, period=published.pk)
    effects = response.context["effects"]
    load = effects.by_criterion["staffing.load"]
    assert (load.gaining, load.losing, load.total) == (1, 0, 3)
    assert [place.assessment.station.name for place, _points in load.named] == ["城关派出所"]
    assert set(effects.by_criterion) == {"staffing.load"}
    block = next(block for block in blocks(response).values() if block.effect)
    assert block.because == ["标准值“每警人口”"]
    assert block.is_broken
    assert "1 个派出所共 +3 分" in response.content.decode()


def test_effects_are_for_those_who_may_see_what_ifs(client, newer, published):
    for role, sees in ((Role.CHIEF, False), (Role.LEADER, True), (Role.SYSADMIN, True)):
        place = published.bureau if sees else published.assessments.first().station
        client.force_login(factories.user(role, place))
        response = page(client, newer, published, period=published.pk)
        assert ("effects" in response.context) == sees
        assert ("periods" in response.context) == sees


def test_a_period_out_of_sight_is_not_there(client, newer, published):
    client.force_login(factories.user(Role.LEADER, factories.bureau("松桃公安局")))
    assert page(client, newer, published, period=published.pk).status_code == 404


def test_looking_takes_few_queries_and_writes_nothing(reviewer, client, newer, published):
    events = Event.objects.count()
    page(client, newer, published, period=published.pk)
    with CaptureQueriesContext(
        connection,
    ) as plain:
        page(client, newer, published)
    with CaptureQueriesContext(connection) as queries:
        page(client, newer, published, period=published.pk)
    assert len(plain) <= 9
    assert len(queries) <= 19, [each["sql"][:90] for each in queries]
    assert not any(each["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for each in queries)
    assert Event.objects.count() == events


def test_without_a_choice_the_edition_before_it_is_taken(reviewer, client, newer, published):
    address = reverse("assessments:edition_differences", args=[newer.pk])
    expected = reverse("assessments:edition_difference", args=[newer.pk, published.edition_id])
    assert client.get(address).url == expected
    assert client.get(address, {"against": newer.pk, "period": published.pk}).url == (
        reverse("assessments:edition_difference", args=[newer.pk, newer.pk]) + f"?period={published.pk}"
    )
    assert client.get(address, {"against": 999_999}).status_code == 404


def test_an_edition_alone_says_that_there_is_no_other(reviewer, client, published):
    response = client.get(reverse("assessments:edition_differences", args=[published.edition_id]))
    assert "还没有别的版本" in response.content.decode()


@pytest.fixture
def draft(published, bureau):
    by = factories.anybody(Role.SYSADMIN, bureau)
    draft = drafting.copy(published.edition, code="local", version="1", by=by)

    def loosen(document):
        document["norm"]["staff.residents_per_officer"]["default"] = 9000

    return drafting.change(draft.pk, draft.revision, loosen, by=by)


@pytest.fixture
def sysadmin(client, draft):
    client.force_login(draft.changed_by)
    return draft.changed_by


def test_a_draft_is_held_against_the_edition_it_was_copied_from(sysadmin, client, draft, published):
    response = client.get(reverse("assessments:draft_difference", args=[draft.pk]), {"period": published.pk})
    assert response.context["than"] == published.edition
    assert response.context["effects"].by_criterion["staffing.load"].total == 3
    assert any("9,000 人" in change.text for change in blocks(response)["标准值“每警人口”"].changes)


def test_a_draft_that_is_refused_says_so_instead(sysadmin, client, draft, published):
    drafting.change(draft.pk, draft.revision, lambda document: document.pop("classes"), by=sysadmin)
    response = client.get(reverse("assessments:draft_difference", args=[draft.pk]))
    assert "草稿还不成其为标准" in response.content.decode()
    tried = client.get(reverse("assessments:whatif_period", args=[published.pk]), {"draft": draft.pk})
    assert tried.context["problems"]
    assert "summary" not in tried.context


def test_a_draft_is_tried_on_a_published_quarter(sysadmin, client, draft, published):
    start = client.get(reverse("assessments:whatif"), {"draft": draft.pk})
    assert start.url == reverse("assessments:whatif_period", args=[published.pk]) + f"?draft={draft.pk}"
    response = client.get(start.url)
    assert response.context["summary"].stations == 2
    assert max(line.rate_change for line in response.context["lines"]) > 0
    told = {change.text: effect for change, effect in response.context["told"]}
    assert "标准值“每警人口”：其他类别的标准值由 3,000 人改为 9,000 人" in told
    assert response.context["told_at"].startswith(reverse("assessments:draft_difference", args=[draft.pk]))
    again = client.post(start.url.partition("?")[0], {"edition": f"draft:{draft.pk}"})
    assert again.context["summary"] == response.context["summary"]


def test_figures_typed_over_an_older_revision_of_a_draft_do_not_count(sysadmin, client, draft, published):
    base = (
        client.get(reverse("assessments:whatif_period", args=[published.pk]), {"draft": draft.pk})
        .context["source"]
        .base
    )
    said = {"edition": f"draft:{draft.pk}", "base": base, "minimum_share": "50"}
    address = reverse("assessments:whatif_period", args=[published.pk])
    assert client.post(address, said).context["proposal"].changes
    drafting.change(draft.pk, draft.revision, lambda document: document.update(title="改名"), by=sysadmin)
    assert client.post(address, said).context["proposal"].changes == []


def test_drafts_are_for_administrators_alone(reviewer, client, draft, published):
    address = reverse("assessments:whatif_period", args=[published.pk])
    assert client.get(address).context["drafts"] == []
    assert client.get(address, {"draft": draft.pk}).status_code == 404
    assert client.post(address, {"edition": f"draft:{draft.pk}"}).status_code == 404
