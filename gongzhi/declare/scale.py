"""What all mechanisms share, so that they can be compared: five levels and seven steps."""

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """The five levels 五级."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWN = 4
    VILLAGE = 5

    @property
    def digits(self) -> int:
        """Length of a division code at this level."""
        return (2, 4, 6, 9, 12)[self - 1]


class Phase(StrEnum):
    """Steps common to all mechanisms, so that figures compare. Source: GB/T 30428."""

    COLLECT = "collect"
    REGISTER = "register"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    FEED_BACK = "feed_back"
    CLOSE = "close"
    EVALUATE = "evaluate"
