"""What time does to many cases, done on several connections side by side."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connections

BATCH = 10_000
HANDS = 2  # one connection keeps but one core of the database busy


def _one_hand(statement: str, params: Sequence[Any], hand: int) -> int:
    done = 0
    try:
        while True:
            with connections["owner"].cursor() as cursor:
                cursor.execute(statement, [*params, hand, HANDS, BATCH])
                n: int = cursor.fetchone()[0]
            done += n
            if n < BATCH:
                return done
    finally:
        connections["owner"].close()  # of this thread alone


def until_done(statement: str, params: Sequence[Any]) -> int:
    """Ask again and again, as the owner, until nothing is left; returns how many cases.

    The statement's last three parameters are which hand it is, of how many, and the most at once.
    """
    with ThreadPoolExecutor(HANDS) as hands:
        return sum(hands.map(partial(_one_hand, statement, params), range(HANDS)))
