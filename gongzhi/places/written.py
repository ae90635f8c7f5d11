"""A place as people write it in a sheet: its code, or a name that only one place here has."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from gongzhi.declare import Level
from gongzhi.places.search import name_of, search

CODE = re.compile(r"(\d{2,12})(?:\s.*)?")
# What officially follows the name of a village or community, and is left out in speech.
ENDINGS = ("村民委员会", "村委会", "居民委员会", "社区居民委员会", "社区")


class NoSuchPlace(ValueError):
    """What to write instead."""


def place_written(text: str, *, within: str, levels: Iterable[Level] = tuple(Level)) -> str:
    """The code. Raises NoSuchPlace."""
    code = CODE.fullmatch(text)
    if code and name_of(code[1]) != code[1]:
        return code[1]
    names = {text, *(f"{text.removesuffix('村')}{end}" for end in ENDINGS),
             *(f"{text}{end}" for end in ENDINGS)}  # fmt: skip
    found = search(text, within=within, levels=tuple(levels))
    same = [f for f in found if text in (f.name, f.path)]
    same = same or [f for f in found if f.name in names]
    if len(same) == 1:
        return same[0].code
    raise NoSuchPlace(
        _("“%(said)s”不止一处，请写行政区划代码。") % {"said": text} if same
        else _("没有找到“%(said)s”，请写本地的地名或行政区划代码。") % {"said": text}
    )  # fmt: skip
