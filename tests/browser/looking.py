"""Ways to look at a page: wait until it works, photograph it, hold it against the accessibility rules."""

from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "test-results"
SIZES = ((1366, 768), (390, 844))
SERIOUS = {"serious", "critical"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def ready(page):
    """Wait until the page's scripts have bound their handlers: a click before that does nothing."""
    page.wait_for_selector("html[data-ready='true']", state="attached")
    return page


def sign_in(page, server, username: str, password: str):
    """Sign in by the login page and wait for the page behind it."""
    page.goto(f"{server.url}/login/")
    ready(page)
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main [type=submit]")
    page.wait_for_url(lambda address: "/login" not in address)
    return ready(page)


def shot(page, name: str, *, full_page: bool = False):
    """Pictures of the page at both sizes, test-results/NAME-WIDTHxHEIGHT.png; the size is put back."""
    PICTURES.mkdir(exist_ok=True)
    before = page.viewport_size
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=PICTURES / f"{name}-{width}x{height}.png", full_page=full_page, animations="disabled")
    page.set_viewport_size(before)


def assert_fits(page):
    """The page needs no sideways scrolling at either size."""
    wide = too_wide(page)
    assert not wide, "\n".join(wide)


def too_wide(page) -> list[str]:
    """The sizes at which the page needs sideways scrolling; the size is put back."""
    before, found = page.viewport_size, []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        needed = page.evaluate("() => document.documentElement.scrollWidth")
        if needed > width:
            found.append(f"{page.url} needs {needed} px at {width} px")
    page.set_viewport_size(before)
    return found


def assert_accessible(page):
    """axe-core finds nothing serious or critical by WCAG 2.2 AA."""
    serious = inaccessible(page)
    assert not serious, f"{page.url}\n" + "\n".join(serious)


def inaccessible(page) -> list[str]:
    """What axe-core finds serious or critical by WCAG 2.2 AA: the rule and the elements."""
    page.evaluate(_axe())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        RULES,
    )["violations"]
    return [
        f"{violation['id']}: {violation['help']}\n  " + "\n  ".join(node["html"] for node in violation["nodes"])
        for violation in found
        if violation["impact"] in SERIOUS
    ]


@cache
def _axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
