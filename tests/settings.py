"""The product's own settings in a test run: files go to a folder that ends with the run."""

import atexit
import os
import shutil
import tempfile

from tests.apart import keep_apart

os.environ.setdefault("STATIONSTD_ENV", "test")
if "STATIONSTD_VAR" not in os.environ:
    os.environ["STATIONSTD_VAR"] = tempfile.mkdtemp(prefix="stationstd-test-")
    atexit.register(shutil.rmtree, os.environ["STATIONSTD_VAR"], ignore_errors=True)
if "PYTEST_XDIST_WORKER" in os.environ:
    keep_apart(os.environ["PYTEST_XDIST_WORKER"])

from stationstd.settings import *  # noqa: F403
from stationstd.settings import DATABASES, STATIC_ROOT

# A test is one transaction around all it does, rendering included; the product has none that waits for so long.
DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
if template := os.environ.get("TEMPLATE_DATABASE"):  # migrated before, by bin/check-everything
    DATABASES["default"]["TEST"] = {"TEMPLATE": template}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
