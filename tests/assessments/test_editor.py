"""A standard is written in the browser: begun, filled from the library, weighed, ordered, checked and published."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import drafting
from assessments.models import Draft, Edition
from assessments.scoring import editing, library
from assessments.scoring.reading import toml
from tests import factories
from tests.edges.crawler import as_person

READING = 6  # statements of a page of one draft: session, account, draft, classes, and their savepoints


@pytest.fixture
def admin(db):
    return factories.user("sysadmin")


@pytest.fixture
def client(admin):
    return as_person(admin)


@pytest.fixture
def draft(admin):
    return drafting.copy(factories.tiny_edition(), code="county", version="1", by=admin)


def address(name: str, draft: Draft, *more) -> str:
    return reverse(f"assessments:{name}", args=[draft.pk, *more])


def send(client, name: str, draft: Draft, *more, **said):
    """Post to a page of the draft with its present revision unless told."""
    said.setdefault("revision", str(Draft.objects.get(pk=draft.pk).revision))
    return client.post(address(name, draft, *more), said)


def document(draft: Draft) -> dict:
    return toml(Draft.objects.get(pk=draft.pk).text)


def ids(draft: Draft) -> list[str]:
    return editing.names(document(draft), "criterion")


def points(draft: Draft) -> dict:
    return {each["id"]: each["points"] for each in document(draft)["criterion"]}


HEAD = {
    "code": "new",
    "version": "2027",
    "title": "新标准",
    "title_en": "New standard",
    "in_force": "2027-01-01",
    "classes": ["urban", "rural"],
    "points": "100",
    "minimum_share": "60",
    "criteria_limit": "30",
}


def test_a_new_standard_begins_with_its_head_and_five_grades(client):
    told = client.post(reverse("assessments:draft_new"), HEAD)
    draft = Draft.objects.get()
    assert told.url == address("draft", draft)
    found = document(draft)
    assert [each["from"] for each in found["grade"]] == [95, 85, 70, 60, 0]
    assert (found["classes"], found["points"], found["criteria_limit"]) == (["urban", "rural"], 100, 30)
    assert "decimals" not in found
    page = client.get(told.url).content.decode()
    assert "从指标库选取" in page


def test_what_a_new_standard_lacks_is_told_at_its_field(client):
    told = client.post(reverse("assessments:draft_new"), HEAD | {"code": "两 个", "criteria_limit": "31"})
    page = told.content.decode()
    assert (told.status_code, page.count("is-invalid")) == (422, 2)
    assert not Draft.objects.exists()


def test_a_copy_proposes_the_next_version_that_nobody_has(client, draft):
    edition = factories.tiny_edition()
    drafting.copy(edition, code=edition.code, version="2027", by=draft.created_by)
    page = client.get(reverse("assessments:draft_copy", args=[edition.pk])).content.decode()
    assert 'value="2028"' in page
    said = {"code": edition.code, "version": "2026", "title": "乙", "title_en": "B"}
    assert client.post(reverse("assessments:draft_copy", args=[edition.pk]), said).status_code == 422
    client.post(reverse("assessments:draft_copy", args=[edition.pk]), said | {"version": "2028"})
    made = Draft.objects.get(version="2028")
    assert (made.title, made.based_on_id, toml(made.text)["title_en"]) == ("乙", edition.pk, "B")


def test_the_outline_shows_every_criterion_with_its_rule_and_the_sums(client, draft):
    page = client.get(address("draft", draft)).content.decode()
    for each in document(draft)["criterion"]:
        assert each["title"] in page
        assert f'name="points.{each["id"]}"' in page
    sums = re.sub(r"\s+", "", re.sub("<[^>]*>", "", page.split('id="draft-sums"')[1].split("</section>")[0]))
    assert "10/10" in sums
    assert "6/30" in sums


def test_points_are_saved_all_at_once_and_the_sections_follow(client, draft):
    first, second = ids(draft)[:2]
    before = points(draft)
    told = send(client, "draft_points", draft, **{f"points.{first}": "3.5", f"points.{second}": str(before[second])})
    assert told.url == address("draft", draft)
    assert points(draft) == before | {first: pytest.approx(3.5)}
    assert Draft.objects.get(pk=draft.pk).revision == 2
    assert "不是 10 分" in client.get(told.url).content.decode()
    send(client, "draft_points", draft, **{f"points.{first}": "3.5"})
    assert Draft.objects.get(pk=draft.pk).revision == 2  # nothing was different


def test_all_points_come_to_the_whole_in_proportion_with_one_click(client, draft):
    first = ids(draft)[0]
    told = send(client, "draft_points", draft, fit="yes", scale="on", **{f"points.{first}": "12"})
    assert told.status_code == 302
    assert sum(points(draft).values()) == 10
    assert points(draft)[first] == 6
    steps = editing.row(document(draft), "criterion", "zones.blind_spots")["rule"]["deduct"]["each"]
    assert steps == {"video.blind_spots": pytest.approx(0.125)}
    assert 'name="fit"' not in client.get(address("draft", draft)).content.decode()


def test_points_that_are_none_stay_in_their_field_and_nothing_is_written(client, draft):
    first, second = ids(draft)[:2]
    told = send(client, "draft_points", draft, **{f"points.{first}": "viel", f"points.{second}": "-1"})
    page = told.content.decode()
    assert told.status_code == 422
    assert 'value="viel"' in page
    assert page.count("is-invalid") == 2
    assert Draft.objects.get(pk=draft.pk).revision == 1


def test_whoever_is_late_sees_who_was_quicker_and_keeps_what_was_typed(client, draft):
    first = ids(draft)[0]
    other = factories.user("sysadmin", draft.bureau, name="李四")
    drafting.change(draft.pk, 1, lambda found: found.update(title="另一个"), by=other)
    told = send(client, "draft_points", draft, revision="1", **{f"points.{first}": "7"})
    page = told.content.decode()
    assert told.status_code == 409
    assert "李四" in page
    assert 'value="7"' in page
    assert 'name="revision" value="2"' in page
    assert send(client, "draft_points", draft, revision="2", **{f"points.{first}": "7"}).status_code == 302
    assert points(draft)[first] == 7


def test_criteria_and_sections_move_by_button_and_typed_points_are_not_lost(client, draft):
    first, second = ids(draft)[:2]
    send(client, "draft_move", draft, down=first, **{f"points.{second}": "0.5"})
    assert ids(draft)[:2] == [second, first]
    assert points(draft)[second] == pytest.approx(0.5)
    sections = editing.names(document(draft), "section")
    send(client, "draft_move", draft, section_up=sections[1])
    assert editing.names(document(draft), "section") == sections[::-1]
    assert ids(draft)[-2:] != [second, first]  # criteria follow their sections
    send(client, "draft_move", draft, move=first, **{f"into.{first}": sections[1]})
    assert editing.row(document(draft), "criterion", first)["section"] == sections[1]
    assert send(client, "draft_move", draft, up=first, down=first).status_code == 400
    assert send(client, "draft_move", draft, move=first, **{f"into.{first}": "nowhere"}).status_code == 422


def test_a_removed_criterion_is_gone_with_what_only_it_needed(client, draft):
    first = ids(draft)[0]
    used = document(draft)["criterion"][0]["rule"]["yes_no"]["of"]
    send(client, "draft_remove", draft, remove=first)
    assert first not in ids(draft)
    assert used not in document(draft)["metric"]


def test_sections_are_made_renamed_nested_and_removed(client, draft):
    said = {"code": "extra", "title": "附加", "title_en": "Extra", "rollup": "sum", "above": ""}
    send(client, "draft_section_new", draft, **said)
    page = client.get(address("draft", draft)).content.decode()
    assert "附加" in page
    assert send(client, "draft_section_new", draft, **said).status_code == 422  # the code is taken
    inner = {"title": "附加项", "title_en": "Extras", "rollup": "mean", "points": "5", "above": "zones"}
    assert send(client, "draft_section", draft, "extra", **inner).status_code == 302
    row = editing.row(document(draft), "section", "extra")
    assert row == {
        "code": "extra",
        "title": "附加项",
        "title_en": "Extras",
        "in": "zones",
        "rollup": "mean",
        "points": 5,
    }
    assert send(client, "draft_section_remove", draft, "zones").status_code == 422  # something stands in it
    send(client, "draft_section_remove", draft, "extra")
    assert editing.names(document(draft), "section") == ["zones", "staffing"]


def test_the_head_changes_and_a_class_that_is_left_out_takes_its_norms_along(client, draft, admin):
    drafting.change(
        draft.pk, 1, lambda found: found.update(norm={"staff.officers": {"urban": 9, "rural": 4}}), by=admin
    )
    parent = factories.edition()
    said = HEAD | {"code": "county", "parent": str(parent.pk), "decimals": "1", "minimum_share": "55"}
    assert send(client, "draft_head", draft, **said).status_code == 302
    found = document(draft)
    assert found["parent"] == {"code": parent.code, "version": parent.version, "digest": parent.digest}
    assert (str(found["minimum_share"]), found["decimals"], found["title"]) == ("0.55", 1, "新标准")
    send(client, "draft_head", draft, **said | {"classes": ["rural"], "parent": "", "title": "另"})
    assert document(draft)["norm"] == {"staff.officers": {"rural": 4}}
    assert "parent" not in document(draft)


def test_the_roll_up_and_the_limits_of_the_whole_and_of_a_section_are_chosen_by_words(client, draft):
    page = client.get(address("draft_head", draft)).content.decode()
    assert "平均（功能分区 90%，警力与队伍 80%）＝ 85%；得 8.5 分（满分 10）" in page
    said = HEAD | {"code": "county", "points": "10"}
    assert send(client, "draft_head", draft, **said, rollup="sum", floor="0", cap="12.5").status_code == 302
    assert (document(draft)["floor"], str(document(draft)["cap"]), "rollup" in document(draft)) == (0, "12.5", False)
    told = send(client, "draft_head", draft, **said, rollup="geometric", cap="12")
    assert (told.status_code, "只在得分相加时有效" in told.content.decode()) == (422, True)
    assert send(client, "draft_head", draft, **said, rollup="geometric").status_code == 302
    assert document(draft)["rollup"] == "geometric"
    assert not {"floor", "cap"} & document(draft).keys()
    assert "几何平均" in client.get(address("draft", draft)).content.decode().split('id="draft-sums"')[1][:600]
    section = {"title": "分区", "title_en": "Zones", "above": "", "rollup": "sum", "floor": "-1", "cap": "3"}
    assert send(client, "draft_section", draft, "zones", **section).status_code == 302
    row = editing.row(document(draft), "section", "zones")
    assert (row["floor"], row["cap"]) == (-1, 3)
    assert (
        "cap" in client.get(address("draft", draft)).content.decode()
        or "小于可得" in client.get(address("draft", draft)).content.decode()
    )


def test_the_library_is_searched_and_picked_from(client, draft):
    wanted = [each.id for each in library.shipped().search(group="party")][:2]
    page = client.get(address("draft_library", draft), {"group": "party", "fresh": "yes"}).content.decode()
    assert page.count('name="pick"') == len(library.shipped().search(group="party"))
    told = send(client, "draft_pick", draft, pick=wanted, section="", group="party")
    assert told.url.endswith("?group=party")
    assert set(wanted) < set(ids(draft))
    assert editing.names(document(draft), "section")[-1] == "party"
    page = client.get(address("draft_library", draft), {"group": "party", "fresh": "yes"}).content.decode()
    assert not any(f'value="{id}"' in page for id in wanted)
    assert client.get(address("draft_library", draft), {"group": "nowhere"}).status_code == 400


def test_more_than_the_limit_is_refused_and_the_choice_is_kept(client, draft):
    many = list(library.shipped().indicators)[:40]
    told = send(client, "draft_pick", draft, pick=many, section="")
    assert told.status_code == 422
    assert "30" in told.content.decode()
    assert told.content.decode().count(" checked") >= 39
    assert len(ids(draft)) == 6


def test_a_name_that_means_something_else_in_the_draft_is_told_and_may_stay(client, draft, admin):
    indicator = next(iter(library.shipped().search(group="party")))
    code = library.shipped().columns_of(indicator.id)[0]
    code = code if code in library.shipped().tables["metric"] else library.shipped().standard.derived[code].uses[0]
    own = {"kind": "yes_no", "title": "自定", "title_en": "Own"}
    drafting.change(draft.pk, 1, lambda found: found["metric"].update({code: own}), by=admin)
    told = send(client, "draft_pick", draft, pick=[indicator.id], section="zones")
    assert (told.status_code, code in told.content.decode()) == (422, True)
    assert send(client, "draft_pick", draft, pick=[indicator.id], section="zones", keeps="yes").status_code == 302
    assert document(draft)["metric"][code] == own


def test_a_draft_is_published_and_its_edition_is_shown(client, draft):
    page = client.get(address("draft_publish", draft)).content.decode()
    assert drafting.digest_of(draft)[:8] in page
    told = send(client, "draft_publish", draft)
    edition = Edition.objects.get(code="county")
    assert told.url == reverse("assessments:edition", args=[edition.pk])
    assert edition.digest == drafting.digest_of(draft)
    assert client.get(address("draft", draft)).url == told.url
    assert send(client, "draft_points", draft).status_code in (302, 409)


def test_a_draft_with_problems_is_not_published(client, draft, admin):
    first = ids(draft)[0]
    drafting.change(draft.pk, 1, lambda found: editing.change(found, "criterion", first, {"points": 50}), by=admin)
    page = client.get(address("draft_publish", draft)).content.decode()
    assert "永久发布" not in page
    told = send(client, "draft_publish", draft)
    assert told.status_code == 409
    assert not Edition.objects.filter(code="county").exists()


def test_a_draft_is_discarded_after_a_question(client, draft):
    assert client.get(address("draft_discard", draft)).status_code == 200
    assert send(client, "draft_discard", draft).status_code == 302
    assert not Draft.objects.exists()


def test_an_unfinished_text_is_shown_all_the_same(client, draft, admin):
    def ruin(found):
        found["criterion"][0].pop("rule")
        found["criterion"][1]["section"] = "nowhere"
        found["criterion"][2].pop("id")
        found["criterion"][3]["points"] = -3
        found["section"].append({"code": ""})
        found["section"].append({"title": "无代码"})

    drafting.change(draft.pk, 1, ruin, by=admin)
    page = client.get(address("draft", draft)).content.decode()
    assert page.count("尚不完整") == 3
    assert "不在任何部分中的项目" in page
    for name in ("draft_library", "draft_head", "draft_publish", "draft_section_new"):
        assert client.get(address(name, draft)).status_code == 200
    assert send(client, "draft_points", draft, **{f"points.{ids(draft)[4]}": "9"}).status_code == 302


def test_every_page_of_a_draft_takes_the_same_few_statements(client, draft):
    for name in ("draft", "draft_library", "draft_head", "draft_publish"):
        client.get(address(name, draft))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(address(name, draft)).status_code == 200
        assert len(caught) <= READING, [each["sql"] for each in caught]


def test_the_list_takes_the_same_statements_for_many_drafts(client, draft, admin):
    """Those that name a parent too."""
    parent = {key: getattr(factories.tiny_edition(), key) for key in ("code", "version", "digest")}

    def count():
        with CaptureQueriesContext(connection) as caught:
            page = client.get(reverse("assessments:editions")).content.decode()
        assert page.count("可以发布") == Draft.objects.count()
        return len(caught)

    drafting.change(draft.pk, 1, lambda found: found.update(parent=parent), by=admin)
    count()  # the first page of a person reads the session too
    one = count()
    for version in "234":
        made = drafting.copy(factories.tiny_edition(), code="county", version=version, by=admin)
        drafting.change(made.pk, 1, lambda found: found.update(parent=parent), by=admin)
    assert count() == one


def test_nobody_else_edits_and_every_reader_knows_what_is_forbidden(draft):
    far = as_person(factories.user("sysadmin"))
    assert far.get(address("draft", draft)).status_code == 404
    reader = as_person(factories.user("reviewer"))
    assert reader.get(address("draft", draft)).status_code == 403
    assert "破案率" in reader.get(reverse("assessments:forbidden")).content.decode()
    assert "复制为草稿" not in reader.get(reverse("assessments:editions")).content.decode()
