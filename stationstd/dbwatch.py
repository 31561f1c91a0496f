"""A database that is there and does not answer must not hold the people who ask it.

PostgreSQL's own time limits end a slow statement, but a server that hangs as a whole (a stopped process, a dead disk)
enforces none, and no library notices. So each web process watches itself: when a request has been under way for longer
than SUSPICIOUS, a second connection is tried. Where that fails too, the database is out of reach: the sockets that
requests wait on are shut, which their threads see as a lost connection (503), nobody tries another one, and new
requests are turned away at once until a connection succeeds.
"""

import contextlib
import logging
import os
import socket
import threading
from time import monotonic

import psycopg2
import psycopg2.extensions
from django.db import DEFAULT_DB_ALIAS, connections

from . import errors

SUSPICIOUS = 1.0  # seconds a request may last before anybody wonders
TRY_SECONDS = 2  # libpq knows whole seconds, and none below 2
EVERY = 0.25

logger = logging.getLogger(__name__)


class Watch:
    """Requests under way in this process, and whether the database is out of reach."""

    def __init__(self):
        self.lock = threading.Lock()
        self.under_way: dict[int, tuple[float, object]] = {}
        self.is_away = False

    def enter(self) -> None:
        """This thread begins a request; its connection object is its own, so the watcher is handed it here."""
        with self.lock:
            self.under_way[threading.get_ident()] = monotonic(), connections[DEFAULT_DB_ALIAS]

    def leave(self) -> None:
        with self.lock:
            self.under_way.pop(threading.get_ident(), None)

    def look(self) -> None:
        """One look at the requests, and at the database where that is called for."""
        if self.is_away or self._oldest() > SUSPICIOUS:
            was_away, self.is_away = self.is_away, not answers()
            if self.is_away != was_away:
                logger.warning("the database %s", "does not answer" if self.is_away else "answers again")
        if self.is_away:
            self._free()

    def _oldest(self) -> float:
        with self.lock:
            return max((monotonic() - began for began, _ in self.under_way.values()), default=0.0)

    def _free(self) -> None:
        """Shut the sockets that requests wait on. The threads close their connections themselves."""
        with self.lock:
            waiting = [wrapper for began, wrapper in self.under_way.values() if monotonic() - began > SUSPICIOUS]
        for wrapper in waiting:
            with contextlib.suppress(OSError, psycopg2.Error, AttributeError):  # closed in the same moment
                shut(wrapper.connection)


def shut(connection) -> None:
    """End what this psycopg2 connection waits for, from another thread."""
    with socket.socket(fileno=os.dup(connection.fileno())) as same:
        same.shutdown(socket.SHUT_RDWR)


def answers() -> bool:
    """Whether a new connection comes about within TRY_SECONDS."""
    usual = connections[DEFAULT_DB_ALIAS].get_connection_params()
    try:
        psycopg2.connect(**usual | {"connect_timeout": TRY_SECONDS, "connection_factory": None}).close()
    except psycopg2.OperationalError:
        return False
    return True


watch = Watch()


class Connection(psycopg2.extensions.connection):
    """Does not come about while the database is out of reach, instead of trying for seconds once more."""

    def __init__(self, *args, **kwargs):
        if watch.is_away:
            raise psycopg2.OperationalError("the database does not answer")
        super().__init__(*args, **kwargs)


def start() -> None:
    """Watch from now on, in this process."""
    connections.settings[DEFAULT_DB_ALIAS]["OPTIONS"]["connection_factory"] = Connection
    threading.Thread(target=_watch, name="dbwatch", daemon=True).start()


def _watch() -> None:
    rest = threading.Event()
    while not rest.wait(EVERY):
        watch.look()


class DatabaseWatchMiddleware:
    """Lets the watch know of each request, and answers 503 for it while the database is out of reach."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if watch.is_away and request.path_info != "/healthz":
            return errors.unavailable()
        watch.enter()
        try:
            return self.get_response(request)
        finally:
            watch.leave()
