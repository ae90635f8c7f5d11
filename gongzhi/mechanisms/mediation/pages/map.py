"""A map of sites over the outlines of counties, drawn on the server.

Each kind has a shape and a letter of its own; the list beside the map says the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from gongzhi.mechanisms.mediation.network.sites import Known
from gongzhi.places.maps import outlines, view
from gongzhi.ui.words import named, place

ROW = 4  # marks side by side at one spot
STEP = 34.0  # between them
ROOM = 25  # marks that leave room for larger ones on a phone
SHAPES: dict[str, tuple[str, str | Promise]] = {
    "contact_point": ("M-14 0a14 14 0 1 0 28 0a14 14 0 1 0-28 0Z", pgettext_lazy("mark", "点")),
    "station": ("M-13-13H13V13H-13Z", pgettext_lazy("mark", "站")),
    "studio": ("M0-18L18 0L0 18L-18 0Z", pgettext_lazy("mark", "室")),
    "mediation_committee": ("M-18 13L-11-13H11L18 13Z", pgettext_lazy("mark", "调")),
    "judicial_office": ("M0-17L16-5L10 14H-10L-16-5Z", pgettext_lazy("mark", "司")),
    "governance_centre": ("M16 0L8 14H-8L-16 0L-8-14H8Z", pgettext_lazy("mark", "综")),
    "tribunal": ("M-13-13H13V4L0 16L-13 4Z", pgettext_lazy("mark", "庭")),
    "court": ("M0-18L16-7V13H-16V-7Z", pgettext_lazy("mark", "院")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One site, or how many there are at one spot."""

    x: float
    y: float
    path: str
    letter: str | Promise
    url: str
    title: str
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A radius around a seat."""

    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Map:
    width: float
    height: float
    counties: Sequence[str]
    labels: Sequence[Label]
    marks: Sequence[Mark]
    rings: Sequence[Ring] = ()

    @property
    def roomy(self) -> bool:
        return len(self.marks) <= ROOM


def scope_of(code: str) -> str:
    """The part of the city that a map of this place shows: one county, or all of them."""
    return code[:6] if len(code) >= 6 else code[:4]


def sites_map(code: str, found: Iterable[Known], *, page: str) -> Map:
    """`page` is the address name of a site's page."""
    at = view(settings.CONFIG.city, scope_of(code)).at
    spots: dict[tuple[float, float], list[Known]] = {}
    for one in found:
        if one.spot is not None:
            spots.setdefault(at(*one.spot), []).append(one)
    most = 1 if len(code) < 6 else 2 if len(code) == 6 else ROW * 2
    marks: list[Mark] = []
    for (x, y), here in spots.items():
        marks += _row(x, y, here, page) if len(here) <= most else [_many(x, y, here)]
    towns = {one.unit.place[:9]: spot for spot, all_ in spots.items() for one in all_}
    names = [Label(x, y + 34, place(c)) for c, (x, y) in towns.items() if len(c) == 9]
    return _drawn(code, marks, [] if len(code) < 6 else names)


def _row(x: float, y: float, here: Sequence[Known], page: str) -> list[Mark]:
    found = []
    for n, one in enumerate(here):
        row, column = divmod(n, ROW)
        across = min(len(here) - row * ROW, ROW)
        path, letter = SHAPES[one.unit.kind]
        found.append(
            Mark(
                x + (column - (across - 1) / 2) * STEP,
                y - row * STEP,
                path,
                letter,
                reverse(page, args=[one.unit.id]),
                named(one.unit),
            )
        )
    return found


def _many(x: float, y: float, here: Sequence[Known]) -> Mark:
    """Too many for a row: how many, and the way to their list."""
    code = here[0].unit.place[:9]
    title = f"{place(code)}: " + "、".join(named(one.unit) for one in here)
    return Mark(
        x, y, "M-16-13H10V-17H16V9H10V13H-16Z", str(len(here)), f"?place={code}&kind=", title
    )


def plan_map(code: str, chosen: Sequence[tuple[str, tuple[float, float]]], radius: float,
             now: Sequence[Known]) -> Map:  # fmt: skip
    """Chosen seats with their radius, and the points that there are."""
    seen = view(settings.CONFIG.city, scope_of(code))
    marks = [
        Mark(*seen.at(*one.spot), *SHAPES["contact_point"],
             reverse("mediation:site", args=[one.unit.id]), named(one.unit), scale=0.6)
        for one in now if one.spot is not None
    ]  # fmt: skip
    star = "M0-19L5-6H18L8 3L12 17L0 9L-12 17L-8 3L-18-6H-5Z"
    rings, labels = [], []
    for n, (town, spot) in enumerate(chosen, 1):
        x, y = seen.at(*spot)
        rings.append(Ring(x, y, seen.length(radius)))
        labels.append(Label(x, y + 38, place(town)))
        url = f"{reverse('mediation:open_site')}?kind=contact_point&place={town}"
        marks.append(Mark(x, y, star, str(n), url, place(town)))
    return _drawn(code, marks, labels, rings)


def _drawn(
    code: str, marks: Sequence[Mark], labels: Sequence[Label], rings: Sequence[Ring] = ()
) -> Map:
    (width, height), found = outlines(settings.CONFIG.city, scope_of(code))
    if not labels:
        labels = [Label(x, y, place(c)) for c, _name, _path, (x, y) in found]
    return Map(width, height, [path for _c, _n, path, _at in found], labels, marks, rings)
