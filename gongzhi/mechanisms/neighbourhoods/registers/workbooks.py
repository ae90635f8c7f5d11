"""The register as Excel: four sheets out, and in again as the items that an import takes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.cases.workbooks import called
from gongzhi.mechanisms.neighbourhoods.models import Charge, Dwelling
from gongzhi.mechanisms.neighbourhoods.registers import buildings
from gongzhi.mechanisms.neighbourhoods.registers.buildings import current
from gongzhi.mechanisms.neighbourhoods.registers.charges import standing
from gongzhi.mechanisms.neighbourhoods.registers.doors import door_rows
from gongzhi.mechanisms.neighbourhoods.registers.sheets import SHEETS, Item, Wrong
from gongzhi.mechanisms.neighbourhoods.roles import RUNGS, TEAM
from gongzhi.people.models import Post
from gongzhi.places.levels import span
from gongzhi.places.names import name_of, paths
from gongzhi.ui.words import named

MOST_ROWS: Final = 200_000  # of one sheet: a district has some 150,000 doors
LARGEST: Final = 25 * 1024 * 1024  # bytes


def items(content: bytes) -> list[Item]:
    """Raises BadSheet."""
    titles = called({name: title for name, (title, _columns) in SHEETS.items()})
    pages = sheets.pages_of(content, most_rows=MOST_ROWS, largest=LARGEST)
    known = [(titles.get(title.lower()), lines) for title, lines in pages]
    if not any(name for name, _lines in known):
        names = _("、").join(str(title) for title, _columns in SHEETS.values())
        raise sheets.BadSheet(_("文件里没有这些工作表：%(names)s。") % {"names": names})
    return [item for name, lines in known if name and lines for item in _rows(name, lines)]


def _rows(sheet: str, lines: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Item]:
    """Raises BadSheet."""
    title, columns = SHEETS[sheet]
    known = called(columns)
    head = [known.get(said.lower()) for said in lines[0][1]]
    lacking = [str(label) for column, label in columns.items() if column not in head]
    if lacking:
        raise sheets.BadSheet(
            _("“%(sheet)s”的表头缺少：%(columns)s。")
            % {"sheet": title, "columns": _("、").join(lacking)}
        )
    for n, line in lines[1:]:
        yield Item(sheet, n, {c: v for c, v in zip(head, line, strict=False) if c})


def _heads() -> list[tuple[str, str, list[str]]]:
    return [
        (name, str(title), [str(label) for label in columns.values()])
        for name, (title, columns) in SHEETS.items()
    ]


def blank() -> bytes:
    """Headings, and below them a line that says what can be written."""
    free, where = _("可以空着"), _("社区名或代码")
    example = {
        "grids": [where, "01", _("如：第一网格")],
        "buildings": [where, "3", _("如：翠湖苑 3 栋"), "01", free, free, "7", free, free],
        "doors": [where, "3", _("如：2单元；可以空着"), "3", "301", _("是或否"), free],
        "charges": [
            "／".join(str(label) for label in RUNGS.values()), where, _("网格长才写"),
            _("楼长才写"), _("单位全称；楼长可以空着"), _("岗位名称"), _("0 负责，1、2…… 代理"),
        ],
    }  # fmt: skip
    return sheets.book_of((title, head, [example[name]]) for name, title, head in _heads())


def written(place: str) -> bytes:
    """All there is in a place, as items() takes it; coordinates are WGS84."""
    lines: dict[str, Iterable[list[Any]]] = {
        "grids": _grids(place), "buildings": _buildings(place), "doors": _doors(place),
        "charges": _charges(place),
    }  # fmt: skip
    codes = set(buildings.grids_in(place).values_list("community", flat=True))
    paths(codes)  # all names at once
    return sheets.book_of((title, head, lines[name]) for name, title, head in _heads())


def _community(code: str) -> str:
    return f"{code} {name_of(code)}"


def _cell(value: Any) -> Any:
    return "" if value is None else value


def _grids(place: str) -> Iterator[list[Any]]:
    for g in buildings.grids_in(place):
        yield [_community(g.community), g.code, g.name]


def _buildings(place: str) -> Iterator[list[Any]]:
    for b in buildings.buildings_in(place).iterator(chunk_size=2_000):
        yield [_community(b.community), b.code, b.name, b.grid.code, b.name_en, b.address,
               _cell(b.storeys), _cell(b.longitude), _cell(b.latitude)]  # fmt: skip


def _doors(place: str) -> Iterator[list[Any]]:
    low, high = span(place)
    found = Dwelling.objects.filter(
        current(), building__community__gte=low, building__community__lt=high,
        building__valid_to=None,
    )  # fmt: skip
    where = ("building__community", "building__code", "stair", "storey", "room")
    rows = door_rows(found.order_by(*where), *where, "home_id", "people")
    yes, no = _("是"), _("否")
    for community, building, stair, storey, room, home_id, people in rows.iterator(5_000):
        yield [_community(community), building, stair, _cell(storey), room,
               yes if home_id else no, _cell(people)]  # fmt: skip


def _charges(place: str) -> Iterator[list[Any]]:
    """A building's own team is not named: its post goes with the building."""
    low, high = span(place)
    found = Charge.objects.filter(standing(), community__gte=low, community__lt=high)
    charges = list(found.select_related("grid", "building").order_by(
        "community", "grid__code", "building__code", "rung", "deputy"
    ))  # fmt: skip
    posts = Post.objects.filter(id__in={c.post for c in charges}, valid_to=None)
    known = {p.id: p for p in posts.select_related("unit")}
    for c in charges:
        if c.post not in known:
            continue
        post = known[c.post]
        own = post.unit.kind == TEAM and c.building and post.unit_id == c.building.team
        yield [str(RUNGS[c.rung]), _community(c.community), c.grid.code if c.grid else "",
               c.building.code if c.building else "", "" if own else named(post.unit),
               post.title, c.deputy]  # fmt: skip


def marked(found: Sequence[Item], wrong: Sequence[Wrong]) -> bytes:
    """The same rows with what is wrong written beside each."""
    faults: dict[tuple[str, int], list[str]] = {}
    for w in wrong:
        said = f"{w.label}：{w.said}" if w.label else w.said
        faults.setdefault((w.sheet, w.row), []).append(said)
    return sheets.book_of(
        (title, [*head, _("要改的地方")],
         ([*(i.cells.get(c, "") for c in SHEETS[name][1]), "；".join(faults.get((name, i.row), ()))]
          for i in found if i.sheet == name))
        for name, title, head in _heads()
    )  # fmt: skip
