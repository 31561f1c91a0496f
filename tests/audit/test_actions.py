"""Every action that the product records has a name that an auditor can read."""

import ast
import re
from pathlib import Path

from audit.actions import ACTIONS, action_label, subject_label

ROOT = Path(__file__).resolve().parents[2]
APPS = ("assessments", "personnel", "stations", "audit", "stationstd")
ACTION = re.compile(r"[a-z]+\.[a-z_]+|log(in|out)\w*")


def recorded():
    """The actions in the code: the first such word among the arguments of record(), _record() and event()."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and _name(node.func) in {"record", "_record", "event"}:
                    yield from _actions(node)


def _name(function):
    return getattr(function, "attr", getattr(function, "id", ""))


def _actions(call):
    words = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    yield from [word for word in words if isinstance(word, str) and ACTION.fullmatch(word)][:1]


def test_every_recorded_action_has_a_name():
    found = set(recorded())
    assert {"login", "evidence.add", "assessment.submit"} <= found
    assert found - set(ACTIONS) == set()


def test_a_name_without_a_translation_is_the_code():
    assert action_label("moon.landing") == "moon.landing"


def test_a_subject_is_named_with_its_number():
    assert str(subject_label("station:12")).endswith(" 12")
    assert subject_label("administration")
    assert subject_label("moon:1") == "moon 1"
