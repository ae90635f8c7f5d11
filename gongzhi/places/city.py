"""One city that ships with us: where its files lie, and the facts about it."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path


class UnknownCity(LookupError):
    """没有这座城市的数据。"""


@dataclass(frozen=True, slots=True)
class City:
    """Facts of a city: the code all its places begin with, and how figures of it are dated."""

    name: str
    name_en: str
    code: str
    divisions_as_of: str
    population_as_of: str


def folder(city: str) -> Path:
    """The city's data. Raises UnknownCity."""
    if not city.isidentifier():
        raise UnknownCity(city)
    try:
        found = Path(str(files(f"gongzhi.cities.{city}")))
    except ModuleNotFoundError:
        raise UnknownCity(city) from None
    return found / "data"


@lru_cache(maxsize=4)
def facts(city: str) -> City:
    """Raises UnknownCity."""
    return City(**tomllib.loads((folder(city).parent / "city.toml").read_text("utf-8")))
