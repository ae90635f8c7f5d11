"""Public numbers: checkable when read aloud, told apart from typing errors, drawn by lot."""

import json
import random

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.cases import numbers
from gongzhi.cases.testing import LINE, begin, make_cast
from gongzhi.cases.tests import toys

lots = st.integers(0, 10**7 - 1)


def number(lot: int) -> str:
    said = f"44122626{lot:07d}"
    return said + numbers.check_digit(said)


@given(lots)
def test_it_is_read_back_as_it_is_written(lot: int) -> None:
    assert numbers.parse(numbers.spaced(number(lot))) == number(lot)
    assert numbers.parse(f" {number(lot)} ") == number(lot)


@given(lots, st.integers(0, 15), st.integers(1, 9))
def test_a_wrong_digit_is_always_found(lot: int, at: int, by: int) -> None:
    right = number(lot)
    wrong = right[:at] + str((int(right[at]) + by) % 10) + right[at + 1 :]
    assert numbers.parse(wrong) is None


def test_nearly_every_transposition_is_found() -> None:
    drawn = random.Random(1)  # noqa: S311 -- digits to try
    swapped = missed = 0
    for _ in range(3_000):
        said = "".join(drawn.choices("0123456789", k=15))
        right, at = said + numbers.check_digit(said), drawn.randrange(15)
        wrong = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
        swapped += wrong != right
        missed += wrong != right and numbers.parse(wrong) is not None
    assert swapped > 2_500 and missed < swapped * 0.03


@pytest.mark.parametrize("wrong", ["", "441226", "44122626482109", "abc", "4412262648210935123"])
def test_what_is_no_number_is_none(wrong: str) -> None:
    assert numbers.parse(wrong) is None


def test_lots_are_drawn_from_all_there_are() -> None:
    drawn = [int(n[8:15]) for _ in range(200) for n in numbers.draw("441226", 2026)]
    assert len(set(drawn)) > 990  # of a thousand: two alike happen once in twenty runs
    assert min(drawn) < 10**6 and max(drawn) > 9 * 10**6
    assert all(numbers.parse(n) == n for n in numbers.draw("441226", 2026))


def test_a_number_that_is_taken_is_passed_over(fresh_database: str) -> None:
    make_cast()
    taken = begin(toys.toy, place=LINE[-1]).receipt.number
    with connections["owner"].cursor() as owner:
        drawn = json.dumps([taken, number(1), number(2)])
        owner.execute("SELECT gz_free_number('441226', %s)", [drawn])
        assert owner.fetchone() == (number(1),)
