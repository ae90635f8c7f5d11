"""The register goes out as a workbook and comes in again; other files come in likewise."""

import html
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from gongzhi.cases import sheets
from gongzhi.cases.testing import signed_in
from gongzhi.cases.workbooks import Row
from gongzhi.mechanisms.roads.models import Point, RegisterChange, Road, Section
from gongzhi.mechanisms.roads.registers import features, importing, roads
from gongzhi.mechanisms.roads.registers.geometry import Unreadable
from gongzhi.mechanisms.roads.tests.register import COUNTY, LINE_OF, TOWN, VILLAGE, Register
from gongzhi.places import coordinates

ROADS = ["编号", "所在县", "名称", "英文名称", "说明"]
SECTIONS = ["道路编号", "路段名称", "村", "起点桩号", "止点桩号", "线形"]
POINTS = ["道路编号", "路段名称", "类别", "种类", "名称", "经度", "纬度", "说明"]
NEW_ROAD = ["Y101", "", "九市环村路", "", ""]
NEW_SECTION = ["Y101", "扶号段", "扶号村委会", "K0+000", "K1+200", "111.78 23.16; 111.79 23.17"]
NEW_POINT = ["Y101", "扶号段", "风险点", "急弯", "一号弯", "111.785", "23.165", ""]


def book(
    road: list[list[str]] | None = None, section: list[list[str]] | None = None,
    point: list[list[str]] | None = None,
) -> bytes:  # fmt: skip
    return sheets.book_of([
        ("道路", ROADS, road or []), ("路段", SECTIONS, section or []),
        ("点位", POINTS, point or []),
    ])  # fmt: skip


@pytest.fixture
def client(register: Register) -> Client:
    return signed_in(register.clerk)


def sent(client: Client, content: bytes, name: str = "roads.xlsx", system: str = "wgs84") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("roads:import"), {"file": file, "system": system})


def entered(client: Client, shown: Any) -> str:
    """What the page that was shown says after it was confirmed."""
    page = shown.content.decode()
    assert shown.status_code == 200, page
    kept = re.search(r'name="items" value="([^"]*)"', page)
    system = re.search(r'name="system" value="([^"]*)"', page)
    assert kept and system
    posted = {"items": html.unescape(kept[1]), "system": system[1], "enter": "1"}
    answer = client.post(reverse("roads:import"), posted, follow=True)
    return str(answer.content.decode())


def test_a_workbook_is_shown_before_it_is_entered(client: Client) -> None:
    shown = sent(client, book([NEW_ROAD], [NEW_SECTION], [NEW_POINT]))
    assert "新增 3 项，修改 0 项" in shown.content.decode()
    assert not Road.objects.filter(code="Y101").exists()
    assert "新增 3 项" in entered(client, shown)
    road = Road.objects.get(code="Y101")
    section = road.sections.get()
    assert (road.place, section.village, section.to_km) == (COUNTY, "441226114203", 1.2)
    assert section.line == [[111.78, 23.16], [111.79, 23.17]] and section.north == 23.17
    point = road.points.get()
    assert (point.kind, point.section, point.longitude) == ("risk", section.id, 111.785)
    assert RegisterChange.objects.filter(of=road).count() == 3


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_went_out_comes_in_again_and_changes_nothing(
    register: Register, client: Client, language: str
) -> None:
    register.road = register.add_road("S263", "省道", name_en="S263")
    register.add_section("德庆段", VILLAGE)
    point = ["X413", "", "路口", "平交", "=一", "111.78", "23.16", "注"]
    entered(client, sent(client, book(point=[point])))
    before = [list(t._default_manager.order_by("id").values()) for t in (Road, Section, Point)]
    client.cookies["django_language"] = language
    content = client.get(reverse("roads:export")).content
    with translation.override(language):
        items = importing.BOOK.rows(content)
    plan = importing.planned(items, system="wgs84", by=register.clerk)
    assert (plan.new, plan.changed, plan.wrong, plan.same) == ([], [], [], 6)
    entered(client, sent(client, content))
    assert [list(t._default_manager.order_by("id").values())
            for t in (Road, Section, Point)] == before  # fmt: skip


def test_an_edited_workbook_changes_rows_and_ends_none(register: Register, client: Client) -> None:
    line = ["X413", "旺村段", VILLAGE, "K0+000", "K2+600", ""]
    assert "新增 0 项，修改 1 项" in entered(client, sent(client, book(section=[line])))
    changed = Section.objects.get(id=register.section.id)
    assert (changed.to_km, changed.line, changed.west) == (2.6, [], None)
    assert Section.objects.filter(valid_to=None).count() == 2


@pytest.mark.parametrize(
    ("where", "typed", "said"),
    [
        (("road", 0), "413", "如 X413"),
        (("road", 1), "火星", "没有找到“火星”"),
        (("road", 2), "", "不能空着"),
        (("road", 2), "长" * 81, "最多 80 个字"),
        (("section", 0), "X999", "没有编号是“X999”的道路"),
        (("section", 2), "九市镇", "没有找到“九市镇”"),
        (("section", 3), "起点", "K12+300"),
        (("section", 4), "K0+000", "大于起点"),
        (("section", 5), "23.16 111.78; 23.17 111.79", "不在德庆县"),
        (("section", 5), "111.78,23.16", "两个点"),
        (("point", 1), "没有的段", "没有这一路段"),
        (("point", 2), "坑", "请写：路口、设施、风险点"),
        (("point", 5), "东经", "请写度数"),
        (("point", 6), "33.1", "不在德庆县"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(
    client: Client, where: tuple[str, int], typed: str, said: str
) -> None:
    sheet, column = where
    rows = {"road": [NEW_ROAD], "section": [NEW_SECTION], "point": [NEW_POINT]}
    wrong = [*rows[sheet][0][:column], typed, *rows[sheet][0][column + 1 :]]
    shown = sent(client, book(**{**rows, sheet: [[""], wrong]}))
    page = shown.content.decode()
    assert shown.status_code == 422 and said in page, page
    assert "第 3 行" in page and "一行也没有导入" in page
    assert Road.objects.count() == 1 and Section.objects.count() == 2
    kept = re.search(r'name="items" value="([^"]*)"', page)
    assert kept
    posted = {"items": html.unescape(kept[1]), "system": "wgs84", "marked": "1"}
    marked = client.post(reverse("roads:import"), posted).content
    assert said in str(sheets.pages_of(marked))


def test_a_row_that_stands_twice_is_refused(client: Client) -> None:
    page = sent(client, book([NEW_ROAD], [NEW_SECTION, NEW_SECTION])).content.decode()
    assert "写了两次" in page and "第 3 行" in page


def test_a_file_of_another_county_is_refused(register: Register, client: Client) -> None:
    register.add_road("S263", "省道")
    line = ["S263", "端州段", "441202001002", "K0+000", "K1+000", ""]
    assert "岗位范围" in sent(client, book(section=[line])).content.decode()


def collection(*found: tuple[str, Any, dict[str, Any]]) -> bytes:
    rows = [
        {"type": "Feature", "geometry": {"type": kind, "coordinates": at}, "properties": said}
        for kind, at, said in found
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def test_geojson_comes_in_by_feature_and_system(register: Register, client: Client) -> None:
    there = [list(coordinates.gcj02_of((x, y))) for x, y in LINE_OF]
    content = collection(
        ("LineString", there, {"road": "X413", "路段名称": "扶号段", "village": "441226114203",
                               "from_km": 4, "to_km": "K6+000"}),
        ("Point", there[0], {"road": "X413", "section": "扶号段", "kind": "facility",
                             "what": "护栏", "name": "一号护栏", "colour": "grey"}),
    )  # fmt: skip
    assert "新增 2 项" in entered(client, sent(client, content, "a.geojson", "gcj02"))
    line = Section.objects.get(name="扶号段").line
    assert [pytest.approx(p, abs=1e-6) for p in LINE_OF] == line
    assert Point.objects.get().latitude == pytest.approx(23.16, abs=1e-6)


def test_wrong_features_are_told_and_nothing_comes_in(register: Register, client: Client) -> None:
    content = collection(
        ("Polygon", [[[1, 2]]], {}), ("LineString", LINE_OF, {"road": "X413"}),
        ("LineString", [["a", 2]], {}),
    )  # fmt: skip
    page = sent(client, content, "a.json").content.decode()
    assert "第 1 行（个）" in page and "第 3 行（个）" in page and "LineString" in page
    assert "第 2 行（个）" in page and Section.objects.count() == 2


@pytest.mark.parametrize("content", [b"[]", b"{", b'{"features": 3}'])
def test_what_is_no_geojson_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="FeatureCollection"):
        features.from_geojson(content)


GPX = """<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="23.165" lon="111.785"><name>X413 急弯</name><desc>下坡</desc></wpt>
<trk><name>{name}</name><trkseg><trkpt lat="23.16" lon="111.78"/><trkpt lat="23.18" lon="111.79"/>
</trkseg></trk></gpx>"""


def test_a_track_becomes_the_line_of_the_section_it_is_named_after(
    register: Register, client: Client
) -> None:
    content = GPX.format(name="X413 旺村段").encode()
    assert "新增 1 项，修改 1 项" in entered(client, sent(client, content, "a.gpx"))
    section = Section.objects.get(id=register.section.id)
    assert section.line == [[111.78, 23.16], [111.79, 23.18]]
    assert (section.to_km, section.village) == (2.5, VILLAGE)
    assert (Point.objects.get().kind, Point.objects.get().note) == ("risk", "下坡")


@pytest.mark.parametrize(
    ("name", "said"), [("旺村段", "道路编号 路段名称"), ("X413 没有的段", "没有这一路段")]
)
def test_a_track_without_a_section_is_refused(client: Client, name: str, said: str) -> None:
    page = sent(client, GPX.format(name=name).encode(), "a.gpx").content.decode()
    assert said in page and not Point.objects.exists()


def test_a_track_that_would_open_other_files_is_no_track() -> None:
    bomb = b'<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]><gpx>&a;</gpx>'
    with pytest.raises(Unreadable):
        features.from_gpx(bomb)


@pytest.mark.parametrize("posted", [{}, {"items": "[1]"}, {"items": '{"items": [["roads"]]}'}])
def test_what_is_no_file_is_asked_for_again(client: Client, posted: dict[str, str]) -> None:
    assert client.post(reverse("roads:import"), posted).status_code == 422
    assert sent(client, b"nothing").status_code == 422
    other = sheets.made_of(["甲"], [["乙"]])
    assert "没有这些工作表" in sent(client, other).content.decode()


def test_the_blank_workbook_has_the_headings_that_the_import_asks_for(client: Client) -> None:
    content = client.get(reverse("roads:import"), {"blank": ""}).content
    heads = [lines[0][1] for _name, lines in sheets.pages_of(content)]
    assert heads == [ROADS, SECTIONS, POINTS]


def test_who_does_not_keep_the_register_finds_no_import(register: Register) -> None:
    client = signed_in(register.cast[TOWN, "leader"])
    assert client.get(reverse("roads:import")).status_code == 404
    assert client.get(reverse("roads:export")).status_code == 200


def test_a_large_file_is_read_and_entered_in_few_questions(
    register: Register, django_assert_max_num_queries: Any
) -> None:
    cells = dict(zip(importing.SHEETS["sections"][1], NEW_SECTION, strict=True)) | {"road": "X413"}
    items = [Row("sections", n, cells | {"name": f"{n}段"}) for n in range(500)]
    with django_assert_max_num_queries(40):
        importing.enter(items, system="wgs84", by=register.clerk, now=register.now)
    assert roads.sections_in(COUNTY).count() == 502
