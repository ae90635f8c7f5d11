"""What time does to many cases, done on several connections side by side when there are many."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connections

BATCH = 10_000
HANDS = 2  # one connection keeps but one core of the database busy


def _once(statement: str, params: Sequence[Any], hand: int, hands: int) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, [*params, hand, hands, BATCH])
        n: int = cursor.fetchone()[0]
    return n


def _one_hand(statement: str, params: Sequence[Any], hand: int) -> int:
    done = 0
    try:
        while True:
            n = _once(statement, params, hand, HANDS)
            done += n
            if n < BATCH:
                return done
    finally:
        connections["owner"].close()  # of this thread alone


def until_done(statement: str, params: Sequence[Any]) -> int:
    """Ask again and again, as the owner, until nothing is left; returns how many cases.

    The statement's last three parameters are which hand it is, of how many, and the most at once.
    """
    done = _once(statement, params, 0, 1)
    if done < BATCH:
        return done
    with ThreadPoolExecutor(HANDS) as hands:
        return done + sum(hands.map(partial(_one_hand, statement, params), range(HANDS)))
