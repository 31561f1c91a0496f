"""The demo as a visitor starts it: bin/demo without the installing half."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROLES = (
    "Station chief",
    "Clerk",
    "Reviewer",
    "Leader",
    "System administrator",
    "Security administrator",
    "Audit administrator",
)


class Demo:
    """A running demo with its data in a folder; what it printed, and its address."""

    def __init__(self, folder: str):
        self.port = free_port()
        command = [sys.executable, "bin/services", "--keep", f"{folder}/services", "--"]
        self.process = subprocess.Popen(
            [*command, sys.executable, "bin/serve-demo"],
            cwd=ROOT,
            env=os.environ
            | {"STATIONSTD_ENV": "demo", "STATIONSTD_VAR": folder, "PORT": str(self.port)}
            | {"DJANGO_SETTINGS_MODULE": "stationstd.settings"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed = ""
        for line in self.process.stdout:
            self.printed += line
            if "Ctrl-C" in line:
                break
        assert f"http://127.0.0.1:{self.port}/" in self.printed, self.printed

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; raises ConnectionRefusedError when nobody listens any more."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=60)
        self.printed += rest
        return self.process.returncode


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)  # noqa: S103 (PostgreSQL's own account has to walk in)
        yield folder


@pytest.fixture(scope="module")
def first_run(folder):
    """A demo that started on nothing, and was stopped by Ctrl-C."""
    demo = Demo(folder)
    demo.interrupt()
    return demo


@pytest.fixture(scope="module")
def demo(folder, first_run):
    """The demo started again on the same data, running."""
    demo = Demo(folder)
    yield demo
    demo.interrupt()


def test_the_first_start_loads_the_demo_bureau(first_run):
    assert "loading the demo bureau" in first_run.printed


def test_ctrl_c_ends_it_in_good_order(first_run):
    assert first_run.process.returncode == 0
    assert "Stopped." in first_run.printed


def test_after_ctrl_c_nobody_listens(first_run):
    with pytest.raises(ConnectionRefusedError):
        first_run.get("/healthz")


def test_the_second_start_finds_the_data(demo):
    assert "loading the demo bureau" not in demo.printed


def test_a_demo_that_runs_already_is_not_started_twice(demo, folder):
    command = [sys.executable, "bin/services", "--keep", f"{folder}/services", "--", "true"]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "already running" in refused.stderr


def test_it_prints_a_login_for_every_role(demo):
    assert [role for role in ROLES if role not in demo.printed] == []


def test_it_serves_the_login_page_with_its_look(demo):
    status, page = demo.get("/login/")
    assert status == 200
    stylesheets = re.findall(r'href="(/static/[^"]+\.css[^"]*)"', page)
    assert stylesheets
    assert {demo.get(sheet)[0] for sheet in stylesheets} == {200}


def test_it_is_ready_for_work(demo):
    assert demo.get("/readyz")[0] == 200
