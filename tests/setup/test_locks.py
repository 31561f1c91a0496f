"""The lock files install the same packages everywhere, from whichever registry the machine uses."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def requirements(lock: Path) -> dict[str, str]:
    """Name and version line of each package, with its hashes."""
    blocks = re.split(r"\n(?=[a-z0-9])", lock.read_text())
    return {block.split("==")[0]: block for block in blocks if block.strip()}


def versions(lock: Path) -> dict[str, str]:
    return {name: block.split()[0] for name, block in requirements(lock).items()}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_python_lock_names_no_registry(lock):
    assert "://" not in lock.read_text()
    assert "index-url" not in lock.read_text()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_version_and_a_hash(lock):
    loose = [
        name
        for name, block in requirements(lock).items()
        if not re.match(r"[a-z0-9.-]+==\S+", block) or "--hash=sha256:" not in block
    ]
    assert loose == []


def test_the_test_set_holds_the_demo_set_in_the_same_versions():
    base, test = versions(ROOT / "requirements/base.txt"), versions(ROOT / "requirements/test.txt")
    assert base.items() <= test.items()


def test_the_frontend_lock_names_no_registry_and_has_a_digest_for_every_package():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    ours = {name: package for name, package in packages.items() if name}
    assert [name for name, package in ours.items() if "resolved" in package] == []
    assert [name for name, package in ours.items() if not package["integrity"].startswith("sha512-")] == []


def test_every_locked_frontend_package_is_installed():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name in packages if name and not (ROOT / name / "package.json").exists()] == []
