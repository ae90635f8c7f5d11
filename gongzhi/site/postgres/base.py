"""Django's PostgreSQL backend, which sees without asking whether its connection still lives."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the server has not hung up and would take a statement.

        An idle connection has nothing to read unless it was closed. Django would ask with a
        statement before each request: a round trip more than the act itself takes.
        """
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN | select.POLLRDHUP)
        return not waiting.poll(0)
