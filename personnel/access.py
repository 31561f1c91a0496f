"""`requires` under the name that assessments and personnel use; the code is in stationstd/access.py."""

from stationstd.access import requires

__all__ = ["requires"]
