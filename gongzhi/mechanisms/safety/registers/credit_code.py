"""The unified social credit code 统一社会信用代码 (GB 32100): read as people write it, checked.

Eighteen signs: whose register (1), kind (1), place (6), organisation (9), check sign (1). Signs are
figures and capitals without I, O, S, V and Z. Weights are 3^i mod 31 over the first seventeen; the
check is 31 − (sum mod 31), where 31 is written as 0.
"""

import unicodedata
from typing import Final

from django.utils.translation import gettext as _

SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH: Final = 18
WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(LENGTH - 1))
# What is most often typed for a sign that looks like it.
INSTEAD: Final = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}


class BadCode(ValueError):
    """What is wrong with a code; its text says what to look at."""


def normalise(text: str) -> str:
    """Full width becomes half, small becomes capital; blanks and dashes go."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "-‐‑–—·.")


def check_sign(body: str) -> str:
    """The last sign that belongs to the first seventeen."""
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    return SIGNS[(31 - total % 31) % 31]


def read(text: str) -> str:
    """The code as it is kept. Raises BadCode."""
    code = normalise(text)
    if len(code) != LENGTH:
        raise BadCode(_("统一社会信用代码是 18 位，这里有 %(n)d 位。") % {"n": len(code)})
    for n, sign in enumerate(code, 1):
        if sign in INSTEAD:
            raise BadCode(
                _("第 %(n)d 位“%(sign)s”不会出现在统一社会信用代码里，是不是“%(like)s”？")
                % {"n": n, "sign": sign, "like": INSTEAD[sign]}
            )
        if sign not in SIGNS:
            raise BadCode(_("第 %(n)d 位“%(sign)s”不是数字或大写字母。") % {"n": n, "sign": sign})
    if not code[2:8].isdigit():
        raise BadCode(_("第 3 到 8 位是登记机关的行政区划代码，应当都是数字。"))
    if check_sign(code[:-1]) != code[-1]:
        raise BadCode(_("校验码对不上，有一位写错了，请对照营业执照再看一遍。"))
    return code
