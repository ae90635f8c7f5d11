"""What every page knows: the city, the mode, who looks, and how they like it shown."""

import csv
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

THEMES: dict[str, str | Promise] = {"auto": _("随系统"), "light": _("浅色"), "dark": _("深色")}
TYPES: dict[str, str | Promise] = {"normal": _("标准"), "large": _("大字")}


@dataclass(frozen=True, slots=True)
class Surface:
    """A way into the site; `staff` ones are shown to those signed in."""

    url: str
    label: str | Promise
    staff: bool = False
    current: bool = False


SURFACES = (
    Surface("/", _("服务大厅")),
    Surface("/desk/", _("工作台"), staff=True),
    Surface("/command/", _("指挥"), staff=True),
)
# Pages of these belong to no surface.
ELSEWHERE = ("/accounts/", "/ui/")


@lru_cache(maxsize=2)
def _city_names(city: str) -> tuple[str, str]:
    """From the city's own file rather than the database: error pages need it most."""
    rows = files(f"gongzhi.cities.{city}") / "data" / "divisions.csv"
    for row in csv.DictReader(rows.read_text("utf-8-sig").splitlines()):
        if row["level"] == "city":
            return row["name"], row["name_en"] or row["name"]
    return "", ""


def city_name() -> str:
    chinese, english = _city_names(settings.CONFIG.city)
    return english if (get_language() or "").startswith("en") else chinese


def surfaces(request: HttpRequest) -> list[Surface]:
    """The ways in that this reader has, the one they are in marked. One alone is no choice."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    mine = [s for s in SURFACES if signed_in or not s.staff]
    if len(mine) == 1:
        return []
    within = [s.url for s in mine if request.path.startswith(s.url)]
    here = "" if request.path.startswith(ELSEWHERE) else max(within, key=len, default="")
    match = request.resolver_match
    if here == "/" and match and match.app_name != "portal":
        here = ""  # every address begins so; pages of a mechanism are its own
    return [replace(s, current=s.url == here) for s in mine]


def look(request: HttpRequest) -> dict[str, str]:
    """Theme and size of type, from cookies that only `ui:look` sets."""
    theme = request.COOKIES.get("theme", "")
    size = request.COOKIES.get("type", "")
    if size not in TYPES:
        large = getattr(getattr(request, "user", None), "large_type", False)
        size = "large" if large else "normal"
    return {"theme": theme if theme in THEMES else "auto", "type": size}


def house(request: HttpRequest) -> dict[str, object]:
    return {
        "demo": settings.CONFIG.demo,
        "config": settings.CONFIG,
        "city": city_name(),
        "surfaces": surfaces(request),
        "themes": list(THEMES.items()),
        "types": list(TYPES.items()),
        **look(request),
    }
