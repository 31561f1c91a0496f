"""How gunicorn serves the product wherever it is started in this folder; addresses come from its command line.

Threads, because a browser keeps its connection open and a slow one must not hold a process. Each thread has one
connection to PostgreSQL, so WEB_PROCESSES x 8 must stay below its max_connections.
"""

import gc
import os

from stationstd.logs import JsonLines

worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = 8
# Loaded once and forked: a process that died is replaced in milliseconds instead of seconds.
preload_app = True
# A browser that saves every few seconds keeps its connection.
keepalive = 30
# A process that hangs as a whole is replaced after `timeout`; one that is told to stop finishes what it has begun.
timeout = 60
graceful_timeout = 25
# Nobody steers it but signals.
control_socket_disable = True
# gunicorn's own log in the product's form; the product writes the lines of requests (stationstd.requestlog).
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonLines}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}


def pre_fork(server, worker):
    """What is loaded stays: the collector need not look at it again in every process, and forks share it."""
    gc.freeze()


def post_worker_init(worker):
    """Threads do not survive a fork: each process watches the database and rings for workers by itself."""
    from stationstd import bell, dbwatch

    # A page makes many thousands of objects that end with it; looking for cycles every 700 holds up everybody else.
    gc.set_threshold(20_000, 20, 20)

    dbwatch.start()
    bell.start()
