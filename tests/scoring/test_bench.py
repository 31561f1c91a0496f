"""The bench holds the engine against two other ways of writing the same rules; here only that they agree."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--stations", "300", "--criteria", "16", "--rounds", "1", "--dicts", "60")


def test_the_three_ways_agree_and_the_ratios_are_printed():
    done = subprocess.run(
        [sys.executable, "-m", "bench", *SMALL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("engine ÷ plain NumPy", "dict loop ÷ engine", "certainty ÷ two products", "one station scored"):
        assert f"{name}: " in done.stdout
