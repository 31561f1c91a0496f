"""Which environment variables the product reads."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def variables_of_the_settings() -> set[str]:
    """The names that settings.py asks env.py for."""
    text = (ROOT / "stationstd/settings.py").read_text() + (ROOT / "stationstd/env.py").read_text()
    asked = re.findall(r'env\.(?:text|names|one_of|some_of|whole)\(\s*"([A-Z_]+)"', text)
    return {*asked, *re.findall(r'def \w+\(name: str = "([A-Z_]+)"', text)}
