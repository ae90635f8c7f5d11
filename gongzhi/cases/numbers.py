"""Public case numbers 案件编号: county, year, lot, check digit; readable aloud and checkable.

441226-26-4821093-5: six digits of the county, two of the year, seven drawn by lot (so that a
number tells nobody how many cases there are) and a check digit by ISO/IEC 7064 MOD 11,10, which
finds every single wrong digit and nearly all transpositions.
"""

import re
import secrets

LENGTH = 16


def check_digit(digits: str) -> str:
    """ISO/IEC 7064 MOD 11,10."""
    rest = 10
    for digit in digits:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


def draw(county: str, year: int) -> str:
    """A new number; the database refuses one that is taken, and another is drawn."""
    digits = f"{county}{year % 100:02d}{secrets.randbelow(10**7):07d}"
    return digits + check_digit(digits)


def spaced(number: str) -> str:
    """As people read it: 441226-26-4821093-5."""
    return f"{number[:6]}-{number[6:8]}-{number[8:15]}-{number[15:]}"


def parse(text: str) -> str | None:
    """The number somebody typed, or None when it cannot be one."""
    digits = re.sub(r"\D", "", text)
    if len(digits) != LENGTH or check_digit(digits[:-1]) != digits[-1]:
        return None
    return digits
