"""Figures that are also counted by the level of who did it."""

from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder


def counted(name: str, by: Actor) -> dict[str, int]:
    if not isinstance(by, Holder):
        return {name: 1}
    return {name: 1, f"{name}.{by.level.name.lower()}": 1}
