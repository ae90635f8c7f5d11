"""Public case numbers 案件编号: county, year, lot, check digit; readable aloud and checkable.

441226-26-4821093-5: six digits of the county, two of the year, seven drawn by lot (so that a
number tells nobody how many cases there are) and a check digit by ISO/IEC 7064 MOD 11,10, which
finds every single wrong digit and nearly all transpositions.
"""

import re
from secrets import randbits

LENGTH = 16
DRAWN = 5  # all of them taken: once in a hundred thousand reports where a county has a million
# What the check has become after each digit: a table, since every report checks several numbers.
_AFTER = [[((rest + d) % 10 or 10) * 2 % 11 for d in range(10)] for rest in range(11)]


def _rest(digits: str, rest: int = 10) -> int:
    for digit in digits:
        rest = _AFTER[rest][ord(digit) - 48]
    return rest


def check_digit(digits: str) -> str:
    """ISO/IEC 7064 MOD 11,10."""
    return str((11 - _rest(digits)) % 10)


def _lots() -> list[int]:
    """DRAWN numbers below ten million; all their randomness is asked of the system at once."""
    drawn = randbits(64 * DRAWN)
    return [(drawn >> 64 * n) % 2**64 % 10**7 for n in range(DRAWN)]


def draw(county: str, year: int) -> list[str]:
    """New numbers of which the database takes the first that is free."""
    begun = f"{county}{year % 100:02d}"
    rest = _rest(begun)
    lots = [f"{lot:07d}" for lot in _lots()]
    return [f"{begun}{lot}{(11 - _rest(lot, rest)) % 10}" for lot in lots]


def spaced(number: str) -> str:
    """As people read it: 441226-26-4821093-5."""
    return f"{number[:6]}-{number[6:8]}-{number[8:15]}-{number[15:]}"


def parse(text: str) -> str | None:
    """The number somebody typed, or None when it cannot be one."""
    digits = re.sub(r"\D", "", text)
    if len(digits) != LENGTH or check_digit(digits[:-1]) != digits[-1]:
        return None
    return digits
