"""How a place is read and spelled: pinyin and initials to search by, an English name to show."""

import re
from functools import lru_cache
from itertools import chain

from pypinyin import lazy_pinyin
from pypinyin.seg.mmseg import seg

from gongzhi.declare import Level

_NOT_SEARCHED = re.compile("[^a-z0-9]")
# What a name ends in, and what it is called in English; the longest ending counts.
_KINDS = {
    Level.PROVINCE: {"省": "Province", "自治区": "Autonomous Region", "市": "City"},
    Level.CITY: {"市": "City", "自治州": "Prefecture", "地区": "Prefecture", "盟": "League"},
    Level.COUNTY: {
        "区": "District", "县": "County", "市": "City", "自治县": "County",
        "旗": "Banner", "自治旗": "Banner", "林区": "District",
    },
    Level.TOWN: {
        "镇": "Town", "乡": "Township", "民族乡": "Township", "街道": "Subdistrict",
        "街道办事处": "Subdistrict",
    },
    Level.VILLAGE: {
        "村委会": "Village", "村村委会": "Village", "村民委员会": "Village", "村": "Village",
        "村村民委员会": "Village", "居委会": "Community", "居民委员会": "Community",
        "社区": "Community", "社区居委会": "Community", "社区居民委员会": "Community",
    },
}  # fmt: skip
_ENDINGS = {
    level: re.compile(f"(.+?)({'|'.join(sorted(kinds, key=len, reverse=True))})$")
    for level, kinds in _KINDS.items()
}
# Spelled otherwise than read.
_CUSTOMARY = {"陕西": "Shaanxi", "内蒙古": "Inner Mongolia", "哈尔滨": "Harbin"}


@lru_cache(maxsize=50_000)
def _word(word: str) -> tuple[str, ...]:
    read = (_NOT_SEARCHED.sub("", syllable.lower()) for syllable in lazy_pinyin(word))
    return tuple(syllable for syllable in read if syllable)


@lru_cache(maxsize=100_000)
def _syllables(name: str) -> tuple[str, ...]:
    """As lazy_pinyin(name), fourteen times as fast: the same words come again and again."""
    return tuple(chain.from_iterable(map(_word, seg.cut(name))))


def reading(name: str) -> tuple[str, str]:
    """Pinyin and initials, both in small letters without blanks or tones."""
    syllables = _syllables(name)
    return "".join(syllables)[:300], "".join([s[0] for s in syllables])[:100]


def english(name: str, level: Level) -> str:
    """A spelling for lists that bring none: 九市镇 is Jiushi Town. An official one is better."""
    ending = _ENDINGS[level].match(name)
    stem, kind = ending.groups() if ending else (name, "")
    # Each character of an ending is one syllable; the whole name has been read already.
    syllables = _syllables(name)
    spelled = _CUSTOMARY.get(stem) or "".join(syllables[: len(syllables) - len(kind)]).capitalize()
    return f"{spelled} {_KINDS[level][kind]}" if kind else spelled
