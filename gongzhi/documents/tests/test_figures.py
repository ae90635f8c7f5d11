"""Dates and money as a Chinese letter writes them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.documents.figures import CAPITALS, chinese_date, chinese_money


def test_a_date_has_no_leading_zeros() -> None:
    assert chinese_date(date(2026, 1, 5)) == "2026年1月5日"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1.50", "壹元伍角整"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("105", "壹佰零伍元整"),
        ("1005", "壹仟零伍元整"),
        ("10500", "壹万零伍佰元整"),
        ("100050", "壹拾万零伍拾元整"),
        ("126667", "壹拾贰万陆仟陆佰陆拾柒元整"),
        ("380000", "叁拾捌万元整"),
        ("380000.00", "叁拾捌万元整"),
        ("1000500", "壹佰万零伍佰元整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("100000000", "壹亿元整"),
        ("100010000", "壹亿零壹万元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("100000001", "壹亿零壹元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_money_is_written_in_capitals(amount: str, said: str) -> None:
    assert chinese_money(Decimal(amount)) == said


@pytest.mark.parametrize("amount", ["-1", "0.005", "1000000000000", "NaN"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        chinese_money(Decimal(amount))


def read_back(said: str) -> Decimal:
    """The number again, by the meaning of each sign."""
    units = {"拾": 10, "佰": 100, "仟": 1000}
    total = group = digit = 0
    cents = 0
    for sign in said:
        if sign in CAPITALS:
            digit = CAPITALS.index(sign)
        elif sign in units:
            group, digit = group + digit * units[sign], 0
        elif sign in "万亿元":
            total += (group + digit) * {"万": 10**4, "亿": 10**8, "元": 1}[sign]
            group = digit = 0
        elif sign in "角分":
            cents, digit = cents + digit * {"角": 10, "分": 1}[sign], 0
    return Decimal(total) + Decimal(cents) / 100


@given(st.decimals(0, Decimal("999999999999.99"), places=2))
def test_an_amount_in_capitals_reads_back_as_itself(amount: Decimal) -> None:
    said = chinese_money(amount)
    assert read_back(said) == amount
    assert "零零" not in said
    assert not said.startswith("零") or amount == 0
