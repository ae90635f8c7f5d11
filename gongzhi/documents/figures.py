"""How a Chinese letter writes dates and money."""

from datetime import date
from decimal import Decimal

CAPITALS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")
LARGEST = Decimal(10) ** 12


def chinese_date(day: date) -> str:
    """2026年11月23日: Arabic figures without leading zeros. Source: GB/T 9704."""
    return f"{day.year}年{day.month}月{day.day}日"


def _group(n: int) -> str:
    """Up to four digits in capitals; a gap between two of them is one 零."""
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = n // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + CAPITALS[digit] + PLACES[place]
        gap = not digit
    return said


def _whole(n: int) -> str:
    groups = [n // 10_000**index % 10_000 for index in range(len(GROUPS))]
    said = ""
    for index in reversed(range(len(GROUPS))):
        if not groups[index]:
            continue
        if said and (groups[index] < 1000 or not groups[index + 1]):
            said += "零"
        said += _group(groups[index]) + GROUPS[index]
    return said


def chinese_money(amount: Decimal) -> str:
    """Capital figures 大写金额: 380000 is 叁拾捌万元整. Source: 支付结算办法 annex 1 [M].

    Raises ValueError for what no agreement can mean: below nothing, parts of a fen, a trillion.
    """
    if not 0 <= amount < LARGEST or amount * 100 % 1:
        raise ValueError(f"{amount} cannot be written as an amount of money")
    yuan, cents = divmod(int(amount * 100), 100)
    jiao, fen = divmod(cents, 10)
    said = f"{_whole(yuan)}元" if yuan else ""
    if not cents:
        return f"{said or '零元'}整"
    if jiao:
        said += f"{CAPITALS[jiao]}角"
    elif yuan:
        said += "零"
    return said + (f"{CAPITALS[fen]}分" if fen else "整")
