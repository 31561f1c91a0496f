"""How much of everything: the long form has the numbers that are promised, the others less of the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`slack` stretches limits in seconds on a machine that does other work as well; the long form's is 1."""

    name: str
    chiefs: int
    seconds: float  # of load
    kills: int
    stopped: float  # seconds PostgreSQL is away
    redis_stopped: float
    reports: int
    good_jobs: int
    uploads: int
    megabytes: int
    sheets: int  # with several writers
    reviewed: int
    logins: int
    slack: float


LONG = Size(
    "long",
    chiefs=200,
    seconds=60,
    kills=5,
    stopped=20,
    redis_stopped=60,
    reports=200,
    good_jobs=20,
    uploads=50,
    megabytes=8,
    sheets=20,
    reviewed=40,
    logins=200,
    slack=1,
)
SHORT = Size(
    "short",
    chiefs=80,
    seconds=20,
    kills=5,
    stopped=8,
    redis_stopped=15,
    reports=24,
    good_jobs=8,
    uploads=20,
    megabytes=4,
    sheets=8,
    reviewed=15,
    logins=40,
    slack=3,
)
CORE = Size(
    "core",
    chiefs=12,
    seconds=6,
    kills=2,
    stopped=4,
    redis_stopped=4,
    reports=3,
    good_jobs=2,
    uploads=4,
    megabytes=1,
    sheets=2,
    reviewed=4,
    logins=4,
    slack=4,
)
