"""Requests that wait for a database that hangs are freed, and nobody waits for a bell."""

import socket
import threading

import psycopg2
import pytest
from django.db import connections
from kombu.exceptions import OperationalError

from stationstd import bell, dbwatch


class Deaf:
    """A server that takes connections and bytes, and never answers."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        return self.listener.getsockname()[1]

    def __exit__(self, *_):
        self.listener.close()


class Pair:
    """What the watch sees of a thread's connection: an object with a file descriptor that somebody waits on."""

    def __init__(self):
        self.ours, self.theirs = socket.socketpair()
        self.connection = self

    def fileno(self) -> int:
        return self.ours.fileno()


@pytest.fixture
def waiting():
    pair = Pair()
    yield pair
    pair.ours.close()
    pair.theirs.close()


def test_a_thread_that_waits_is_freed_when_no_second_connection_comes_about(waiting, monkeypatch):
    watch = dbwatch.Watch()
    watch.under_way[1] = (-1000.0, waiting)
    monkeypatch.setattr(dbwatch, "answers", lambda: False)
    freed = []
    thread = threading.Thread(target=lambda: freed.append(waiting.ours.recv(1)))
    thread.start()
    watch.look()
    thread.join(5)
    assert freed == [b""]
    assert watch.is_away


def test_a_slow_request_is_left_alone_while_the_database_answers(waiting, monkeypatch):
    watch = dbwatch.Watch()
    watch.under_way[1] = (-1000.0, waiting)
    monkeypatch.setattr(dbwatch, "answers", lambda: True)
    watch.look()
    waiting.theirs.send(b"x")
    assert waiting.ours.recv(1) == b"x"
    assert not watch.is_away


def test_a_server_that_takes_a_connection_and_says_nothing_does_not_answer(monkeypatch):
    with Deaf() as port:
        monkeypatch.setattr(
            type(connections["default"]), "get_connection_params", lambda self: {"host": "127.0.0.1", "port": port}
        )
        assert not dbwatch.answers()


def test_requests_are_turned_away_at_once_while_the_database_is_out_of_reach(client, monkeypatch):
    monkeypatch.setattr(dbwatch.watch, "is_away", True)
    response = client.get("/login/")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert client.get("/healthz").status_code == 200


def test_nobody_tries_another_connection_while_the_database_is_out_of_reach(monkeypatch):
    monkeypatch.setattr(dbwatch.watch, "is_away", True)
    with pytest.raises(psycopg2.OperationalError):
        dbwatch.Connection("host=127.0.0.1")


def test_a_bell_that_cannot_ring_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(bell, "_waiting", None)
    tried = threading.Event()

    class Task:
        def apply_async(self, arguments, retry):
            tried.set()
            raise OperationalError("nobody there")

    bell.start()
    bell.ring(Task(), 1)
    assert tried.wait(5)
