"""A page that is used by counted acts: every click, key or chord, filled field and answered question is one."""

import time

from playwright.sync_api import expect

from tests.browser.looking import ready

_POINTED = "addEventListener('pointerdown', () => sessionStorage.setItem('pointed', 'yes'), true)"
_FOCUSED = """() => {
  const at = document.activeElement;
  return at === document.body ? '' : [at.id, at.innerText, at.ariaLabel, at.labels?.[0]?.innerText].join(' ');
}"""


class Acts:
    """Who uses it has no page, only what a person can do at one; looking is free.

    count    acts so far
    seconds  since the first one
    """

    def __init__(self, page):
        self._page, self._since, self.count = page, None, 0
        page.add_init_script(_POINTED)
        page.on("dialog", self._agree)

    def _agree(self, dialog):
        self.count += 1
        dialog.accept()

    def _one(self):
        self.count += 1
        self._since = self._since or time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._since

    def opens(self, address: str):
        """The address of the product, where the work begins."""
        self._page.goto(address)
        ready(self._page)

    def clicks(self, target, *, leads: str = ""):
        """`leads`: a pattern of the address of the page behind it."""
        self._one()
        target.click()
        self._arrives(leads)

    def fills(self, target, text: str):
        self._one()
        target.fill(text)

    def presses(self, key: str, *, leads: str = ""):
        self._one()
        self._page.keyboard.press(key)
        self._arrives(leads)

    def types(self, text: str):
        """A text into the field that has the focus."""
        self._one()
        self._page.keyboard.type(text)

    def tabs_to(self, name: str, most: int):
        """Presses Tab until this link, button or field has the focus; at most so often."""
        for _time in range(most):
            if name in self.focused():
                return
            self.presses("Tab")
        raise AssertionError(f"{name} is not among the next {most} places; the focus is on {self.focused()}")

    def _arrives(self, leads: str):
        if leads:
            self._page.wait_for_url(leads)
            ready(self._page)

    def focused(self) -> str:
        """What has the focus, in the words it shows and those that name it."""
        return self._page.evaluate(_FOCUSED)

    def is_pointed(self) -> bool:
        """Whether a mouse, a pen or a finger was used since the first page."""
        return self._page.evaluate("sessionStorage.getItem('pointed')") is not None

    def sees(self, *texts: str):
        for text in texts:
            expect(self._page.locator("main")).to_contain_text(text)

    def finds(self, role: str, name: str):
        return self._page.get_by_role(role, name=name).first

    def looks(self, question: str, about=None):
        """What a script of the test reads from the page."""
        return self._page.evaluate(question, about)

    def waits(self, question: str, about=None):
        self._page.wait_for_function(question, arg=about)
