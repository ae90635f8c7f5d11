"""What a division code says by itself: level, ancestors, county, and the range of its subtree."""

from gongzhi.declare import Level

_LEVELS = {level.digits: level for level in Level}
_ABOVE = dict(zip((4, 6, 9, 12), (2, 4, 6, 9), strict=True))
# Sorts after every digit under collation "C".
AFTER = "~"


class BadCode(ValueError):
    """行政区划代码应为 2、4、6、9 或 12 位数字。"""


def level_of(code: str) -> Level:
    """Raises BadCode."""
    level = _LEVELS.get(len(code))
    if level is None or not (code.isascii() and code.isdigit()):
        raise BadCode(code)
    return level


def ancestors(code: str) -> list[str]:
    """The codes above this one, from the province down."""
    return [code[:n] for n in _LEVELS if n < len(code)]


def parent_of(code: str) -> str:
    """The code one level up; empty above a province."""
    return code[: _ABOVE[len(code)]] if len(code) in _ABOVE else ""


def county_of(code: str) -> str:
    """The six digits that every key begins with; a city's or province's own matters get zeros."""
    return code[:6].ljust(6, "0")


def span(code: str) -> tuple[str, str]:
    """The range (from, up to) of a code and all below it; '' is the whole nation."""
    return code, code + AFTER
