"""A real Chromium, the operating system's own, that talks to the test server and to nobody else."""

import os
import shutil

import pytest

from tests.browser.faults import Faults

# Playwright's synchronous interface runs inside an event loop; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome-stable", "google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    program = os.environ.get("BROWSER_EXE") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("no browser: apt-get install chromium-headless-shell (bin/test does it)", pytrace=False)
    flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--lang=zh-CN"]
    return {**browser_type_launch_args, "executable_path": program, "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    size = {"width": 1366, "height": 768}
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": size}


@pytest.fixture
def faults(live_server):
    """What this test's pages did wrong so far; `faults.forgive(pattern)` for an error that is provoked."""
    return Faults(live_server.url)


@pytest.fixture
def new_context(new_context, faults):
    """pytest-playwright's function for one more browser window of another person, under the same watch."""

    def watched(**options):
        context = new_context(**options)
        faults.watch(context)
        return context

    return watched


@pytest.fixture(autouse=True)
def no_faults(faults):
    """Every browser test fails for a console error, a broken content policy, a 5xx or a request elsewhere."""
    yield
    faults.assert_none()
