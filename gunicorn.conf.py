"""How gunicorn serves the product wherever it is started in this folder; addresses come from its command line.

Threads, because a browser keeps its connection open and a slow one must not hold a process. Each thread has one
connection to PostgreSQL, so WEB_PROCESSES x 8 must stay below its max_connections.
"""

import os

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


def post_worker_init(worker):
    """Threads do not survive a fork: each process watches the database for itself."""
    from stationstd import dbwatch

    dbwatch.start()
