"""bin/setup: what is there is not installed again."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def setup(*arguments: str):
    return subprocess.run([ROOT / "bin/setup", *arguments], capture_output=True, text=True, check=False)


def test_setting_up_twice_installs_nothing_the_second_time():
    assert setup("test").returncode == 0
    second = setup("test")
    assert (second.returncode, second.stderr) == (0, "")


def test_the_test_set_serves_the_demo_as_well():
    setup("test")
    demo = setup("demo")
    assert (demo.returncode, demo.stderr) == (0, "")


def test_an_unknown_set_is_refused_with_the_known_ones():
    refused = setup("production")
    assert refused.returncode == 1
    assert "bin/setup demo|test|translations" in refused.stderr
