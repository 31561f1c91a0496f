"""A clerk asks that items do not apply and explains a warning; the chief submits, the reviewer answers."""

from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Exemption
from personnel.roles import Role
from tests import factories
from tests.browser.people import Reviewer, StationPerson

COLLEGE = "staff.college"
GRANTED, REFUSED = "zones.video_linked", "zones.blind_spots"
WHY = {GRANTED: "本所在县局院内，无单独线路。", REFUSED: "本所没有办案区。"}
NO = "办案区已启用，盲区照常核查。"


class Clerk(StationPerson):
    def asks(self, criterion: str):
        card = self.page.locator(f"[id='c-{criterion}']")
        card.get_by_text("本所不适用？").click()
        card.get_by_label("本项为什么不适用于本所").fill(WHY[criterion])
        card.get_by_role("button", name="提出申请").click()
        expect(card.locator(".exemption")).to_contain_text("考评员决定之前按现有内容计分")
        return self


def test_an_item_that_does_not_apply_is_asked_answered_and_left_out(new_context, live_server, transactional_db):
    assessment = factories.assessment(factories.period(name="2026年第三季度"))
    place = assessment.station
    clerk = Clerk.arrives(new_context, live_server, Role.CLERK, place, name="张内勤")
    chief = StationPerson.arrives(new_context, live_server, Role.CHIEF, place, name="李建国")
    factories.filled(assessment, {"staff.officers": 7})
    reviewer = Reviewer.arrives(new_context, live_server, Role.REVIEWER, assessment.bureau, name="王秀英")

    clerk.opens(reverse("assessments:fill", args=[assessment.pk, "zones"]))
    clerk.asks(GRANTED).asks(REFUSED).looks("exemption-asked")
    the_clerk_explains_a_warning_and_cannot_submit(clerk, assessment)
    chief.opens(reverse("assessments:check", args=[assessment.pk])).sees("含借调民警两人。")
    chief.declares().agrees("提交").sees("已提交")
    the_reviewer_grants_one_and_refuses_the_other(reviewer, assessment)
    the_chief_reads_the_answers(chief, assessment)


def the_clerk_explains_a_warning_and_cannot_submit(clerk, assessment):
    clerk.opens(reverse("assessments:fill", args=[assessment.pk, "staffing"]))
    clerk.types(COLLEGE, "9").reads_saved(COLLEGE)
    expect(clerk.page.locator("[id='cross-staffing.college']")).to_contain_text("检查与提交")
    clerk.follows("检查与提交").sees("须说明", "只有所长可以提交：李建国")
    expect(clerk.page.get_by_role("button", name="提交", exact=True)).to_have_count(0)
    box = clerk.page.locator("[id^='check-']").first
    box.get_by_label("为什么数字属实").fill("含借调民警两人。")
    box.get_by_role("button", name="保存说明").click()
    clerk.sees("已说明").looks("exemption-explained")


def the_reviewer_grants_one_and_refuses_the_other(reviewer, assessment):
    reviewer.opens(reverse("assessments:verify", args=[assessment.pk])).sees(*WHY.values(), "含借调民警两人。")
    rate = reviewer.page.locator("#bar dl > div", has_text="核查").locator("dd").first
    before = rate.inner_text()
    reviewer.looks("exemption-verify")
    granted, refused = reviewer.card("视频联网"), reviewer.card("监控盲区")
    granted.get_by_role("button", name="同意不适用").click()
    expect(granted.locator(".exemption")).to_contain_text("不适用：已同意")
    expect(granted.locator(".v-points")).to_have_text("不适用")
    expect(rate).not_to_have_text(before)
    refused.locator("summary", has_text="不同意").click()
    refused.get_by_label("理由（派出所可见）").fill(NO)
    refused.get_by_role("button", name="不同意申请").click()
    expect(refused.locator(".exemption")).to_contain_text(NO)
    expect(refused.locator(".v-points")).to_contain_text("/ 1")
    reviewer.looks("exemption-decided")
    assert dict(Exemption.objects.values_list("criterion", "outcome")) == {GRANTED: "approved", REFUSED: "declined"}


def the_chief_reads_the_answers(chief, assessment):
    chief.opens(reverse("assessments:fill", args=[assessment.pk, "zones"]))
    for criterion, said in ((GRANTED, "不适用：已同意"), (REFUSED, NO)):
        expect(chief.page.locator(f"[id='c-{criterion}'] .exemption")).to_contain_text(said)
    chief.looks("exemption-answered")
