"""The people of the story, each in a browser window of their own, and what each of them does on a page."""

from pathlib import Path

from playwright.sync_api import expect

from tests import factories
from tests.browser.looking import assert_accessible, assert_fits, ready, shot, sign_in


def written(path: Path, content: bytes) -> Path:
    """The path of a file that now has this content, to be chosen in a page's file field."""
    path.write_bytes(content)
    return path


_WENT_ON_OR_ASKED = "before => location.href !== before || document.getElementById('confirm_password')"


class Person:
    """Somebody with an account and a browser window. Every page that is looked at must fit and be accessible."""

    def __init__(self, page, server):
        self.page, self.server = page, server

    @classmethod
    def arrives(cls, new_context, server, role, place, **fields):
        """Makes the account, opens a window and signs in by the form."""
        username = f"{role}.{place.pk}"
        factories.user(role, place, username=username, password=factories.PASSWORD, **fields)
        person = cls(new_context().new_page(), server)
        sign_in(person.page, server, username, factories.PASSWORD)
        return person

    def sees(self, *texts: str):
        """These words stand on the page."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        return self

    def looks(self, picture: str | None = None):
        """The page works, fits both sizes and breaks no accessibility rule; `picture` names pictures of it to keep."""
        ready(self.page)
        self.page.evaluate("scrollTo(0, 0)")  # what lies half behind the bar at the foot is too small to hit
        assert_fits(self.page)
        assert_accessible(self.page)
        if picture:
            shot(self.page, picture)
        return self

    def opens(self, address: str):
        self.page.goto(self.server.url + address)
        ready(self.page)
        return self

    def follows(self, name: str, *, within: str = "main"):
        """Clicks the link of this name and waits for the page behind it."""
        before = self.page.url
        self.page.locator(within).get_by_role("link", name=name).first.click()
        self.page.wait_for_url(lambda address: address.split("#")[0] != before.split("#")[0])
        ready(self.page)
        return self

    def declares(self):
        self.page.get_by_role("checkbox", name="本表内容属实").check()
        return self

    def agrees(self, button: str):
        """Presses a button that asks first, says yes, gives the password where it is asked, waits for the next page."""
        before, asked = self.page.url, []

        def say_yes(dialog):
            asked.append(dialog.message)
            dialog.accept()

        self.page.once("dialog", say_yes)
        self.page.get_by_role("button", name=button).click()
        self.page.wait_for_function(_WENT_ON_OR_ASKED, arg=before)
        ready(self.page)
        if self.page.locator("#confirm_password").count():  # a slow machine: the login is five minutes old
            self.page.fill("#confirm_password", factories.PASSWORD)
            self.page.click("main form [type=submit]")
            self.page.wait_for_selector("#confirm_password", state="detached")
            ready(self.page)
        assert asked, f"{button} did not ask first"
        return self


class StationPerson(Person):
    """A chief or a clerk on the sheet."""

    def field(self, metric: str):
        return self.page.locator(f"[id='f-{metric}']")

    def state(self, metric: str):
        """The words beside the field: saved, or why not."""
        return self.page.locator(f"[id='state-{metric}']")

    def types(self, metric: str, text: str):
        self.field(metric).fill(text)
        self.field(metric).press("Tab")
        return self

    def reads_saved(self, metric: str):
        expect(self.state(metric)).to_contain_text("已保存")
        return self

    def reads_refusal(self, metric: str, words: str):
        """The reason stands at the field, and what was typed is still in it."""
        expect(self.state(metric)).to_contain_text(words)
        expect(self.field(metric)).to_have_attribute("aria-invalid", "true")
        return self

    def keeps(self, metric: str, text: str):
        expect(self.field(metric)).to_have_value(text)
        return self

    def uploads(self, criterion: str, file: Path):
        self.page.set_input_files(f"[id='files-{criterion}']", file)
        return self

    def evidence(self, criterion: str):
        return self.page.locator(f"[id='evidence-{criterion}']")

    def worth(self, criterion: str):
        """Points of a criterion, as "3 / 6 分"."""
        return self.page.locator(f"[id='worth-{criterion}']")

    def why(self, criterion: str):
        return self.page.locator(f"[id='why-{criterion}']")

    def bar(self, label: str):
        """A figure of the bar at the foot of the page."""
        return self.page.locator("#bar dl > div", has_text=label).locator("dd")


class Reviewer(Person):
    """Somebody of the bureau on the screen of one station."""

    def card(self, title: str):
        return self.page.locator("[data-item]", has=self.page.get_by_role("heading", name=title))

    def changes(self, title: str, metric: str, value: str, reason: str):
        """Changes one fact on the card of this criterion and waits until the card says so."""
        card = self.card(title)
        form = card.locator(f"form:has([name=metric][value='{metric}'])")
        card.locator(f"details.v-change:has([name=metric][value='{metric}']) > summary").click()
        form.locator("[name=value]").fill(value)
        form.locator("[name=reason]").fill(reason)
        form.get_by_role("button", name="保存改动").click()
        expect(card).to_have_attribute("data-stage", "changed")
        return self

    def returns(self, reason: str, items: dict[str, str]):
        """Sends the station's sheet back with a reason, and one for each of these criteria."""
        self.page.get_by_role("button", name="退回…").click()
        dialog = self.page.get_by_role("dialog", name="退回派出所")
        expect(dialog).to_be_visible()
        dialog.locator("[name=reason]").fill(reason)
        for criterion, why in items.items():
            dialog.locator(f"[name='item.{criterion}']").fill(why)
        assert_accessible(self.page)
        dialog.get_by_role("button", name="退回", exact=True).click()
        self.page.wait_for_url("**/desk/**")
        ready(self.page)
        return self

    def accepts_everything(self):
        """Dimension by dimension."""
        forms = self.page.locator(".v-part-head form")
        while left := forms.count():
            forms.first.get_by_role("button").click()
            expect(forms).to_have_count(left - 1)
        return self
